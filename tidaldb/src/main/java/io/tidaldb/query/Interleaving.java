package io.tidaldb.query;

import io.tidaldb.ranking.Mix;
import io.tidaldb.ranking.Normalisers;
import io.tidaldb.schema.Hit;
import io.tidaldb.schema.Results;
import io.tidaldb.schema.Results.Warning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// The page of a query whose experiment interleaves two profiles: each ranks alone, and the two
/// take turns like captains who choose teams. Whoever has fewer hits takes its best that is not
/// taken yet; who takes first when both have as many is a coin, thrown by the request's seed. So
/// the two never differ by more than one hit while both have something to give.
///
/// Every page drafts from the beginning, at the time and with the sizes of the first page, and
/// leaves out what was returned. Limits of diversity hold for each profile's own order.
final class Interleaving {

  private final Plan plan;
  private final StoreKey key;
  private final Stopwatch watch;

  /// @param plan of the whole, whose choice is two profiles
  Interleaving(Plan plan, StoreKey key, Stopwatch watch) {
    this.plan = plan;
    this.key = key;
    this.watch = watch;
  }

  /// A pick and whose it is.
  record Drafted(int team, Pick pick) {}

  Results run() {
    var cursor = plan.cursor();
    var shared = cursor == null ? Normalisers.live() : Normalisers.pinned(cursor.normalisers());
    try (var first = plan.side(0, shared);
        var second = plan.side(1, shared)) {
      int end = Math.min(plan.rankBefore() + plan.request().limit(), Cursor.DEPTH_MAX);
      var sides = List.of(first, second);
      var teams =
          sides.stream()
              .map(side -> new Execution(side, key, watch, side.request().limit(end)))
              .toList();
      var orders = teams.stream().map(Execution::order).toList();
      var drafted =
          fresh(draft(orders.get(0), orders.get(1), plan.seed(), end + 1, new Capped(sides)));
      return page(sides, teams, drafted, shared);
    }
  }

  /// The first picks of both in turn.
  ///
  /// @param most at most so many
  static List<Drafted> draft(List<Pick> first, List<Pick> second, long seed, int most) {
    return draft(first, second, seed, most, (team, pick) -> true);
  }

  private static List<Drafted> draft(
      List<Pick> first, List<Pick> second, long seed, int most, May may) {
    var orders = List.of(first, second);
    int[] next = new int[2];
    int[] taken = new int[2];
    var slots = new HashSet<Integer>();
    var drafted = new ArrayList<Drafted>();
    while (drafted.size() < most) {
      int team =
          taken[0] != taken[1]
              ? (taken[0] < taken[1] ? 0 : 1)
              : (int) (Mix.hash(seed, drafted.size()) & 1);
      var pick = take(orders.get(team), next, team, slots, may);
      if (pick.isEmpty()) {
        team = 1 - team;
        pick = take(orders.get(team), next, team, slots, may);
      }
      if (pick.isEmpty()) {
        break;
      }
      taken[team]++;
      drafted.add(new Drafted(team, pick.get()));
    }
    return drafted;
  }

  /// The best of an order that nobody has taken.
  private static Optional<Pick> take(
      List<Pick> order, int[] next, int team, Set<Integer> slots, May may) {
    while (next[team] < order.size()) {
      var pick = order.get(next[team]++);
      if (!slots.contains(pick.slot()) && may.take(team, pick)) {
        slots.add(pick.slot());
        return Optional.of(pick);
      }
    }
    return Optional.empty();
  }

  /// Whether a team may take a pick; it is taken then.
  @FunctionalInterface
  private interface May {
    boolean take(int team, Pick pick);
  }

  /// The caps of both hold for what both take together.
  private static final class Capped implements May {
    private final List<Plan> sides;
    private final List<Optional<CapsLeft>> caps;
    private final Map<Long, Integer> ofCreator = new HashMap<>();
    private int taken;

    Capped(List<Plan> sides) {
      this.sides = sides;
      this.caps = sides.stream().map(Plan::caps).toList();
    }

    @Override
    public boolean take(int team, Pick pick) {
      if (caps.stream().allMatch(Optional::isEmpty)) {
        return true;
      }
      long[] creator = new long[1];
      boolean[] present = new boolean[1];
      int[] slot = {pick.slot()};
      sides.get(team).readers().items().references("creator", slot, 1, creator, present);
      int same = present[0] ? ofCreator.getOrDefault(creator[0], 0) : 0;
      var left = caps.get(team);
      if (left.isPresent()
          && (taken >= left.get().total() || (present[0] && same >= left.get().of(creator[0])))) {
        return false;
      }
      taken++;
      if (present[0]) {
        ofCreator.put(creator[0], same + 1);
      }
      return true;
    }
  }

  /// Without what the pages before returned.
  private List<Drafted> fresh(List<Drafted> drafted) {
    var cursor = plan.cursor();
    if (cursor == null) {
      return drafted;
    }
    var returned = new HashSet<>(cursor.returned());
    return drafted.stream()
        .filter(
            one ->
                !returned.contains(
                    plan.readers().slots().id(plan.request().kind(), one.pick.slot())))
        .toList();
  }

  private Results page(
      List<Plan> sides, List<Execution> teams, List<Drafted> drafted, Normalisers shared) {
    int limit = Math.min(plan.request().limit(), Cursor.DEPTH_MAX - plan.rankBefore());
    int cut = Math.min(drafted.size(), limit);
    var hits = new ArrayList<Hit>();
    var slots = new RoaringBitmap();
    var last = sides.stream().map(side -> side.neverShown().cut()).toList();
    for (var one : drafted.subList(0, cut)) {
      var team = teams.get(one.team);
      if (team.mayShow(one.pick, last.get(one.team))) {
        int rank = plan.rankBefore() + hits.size() + 1;
        hits.add(team.hit(one.pick, rank).ofTeam(one.team, rank));
        slots.add(one.pick.slot());
      }
    }
    var warnings = new ArrayList<Warning>(plan.warnings());
    boolean satisfied = true;
    for (int team = 0; team < teams.size(); team++) {
      warnings.addAll(teams.get(team).late());
      int mine = team;
      int picks = (int) drafted.subList(0, cut).stream().filter(one -> one.team == mine).count();
      var relaxed = teams.get(team).relaxed(picks);
      satisfied &= relaxed.isEmpty();
      warnings.addAll(sides.get(team).warnings());
      warnings.addAll(relaxed);
      teams.get(team).capped().ifPresent(warnings::add);
    }
    var next =
        drafted.size() > cut && cut > 0
            ? next(drafted.get(cut - 1), hits, shared, warnings)
            : Optional.<String>empty();
    watch.stage("page");
    return new Results(
        hits,
        next,
        satisfied,
        warnings.stream().distinct().toList(),
        teams
            .get(0)
            .stats(slots)
            .interleavedWith(teams.get(1).stats(slots), hits.size(), watch.total()),
        RequestHash.requestId(plan.request(), plan.at(), plan.position()));
  }

  private Optional<String> next(
      Drafted last, List<Hit> hits, Normalisers shared, List<Warning> warnings) {
    int rank = plan.rankBefore() + hits.size();
    if (rank >= Cursor.DEPTH_MAX) {
      warnings.add(new Warning("DEPTH", "returned=" + rank + " limit=" + Cursor.DEPTH_MAX));
      return Optional.empty();
    }
    var returned = new ArrayList<Long>();
    if (plan.cursor() != null) {
      returned.addAll(plan.cursor().returned());
    }
    hits.forEach(hit -> returned.add(hit.id().value()));
    var pick = last.pick;
    return Optional.of(
        new Cursor(
                plan.requestHash(),
                rank,
                plan.at(),
                plan.firstLimit(),
                0,
                plan.choice().profiles().stream().map(Cursor.Pin::of).toList(),
                shared.values(),
                pick.place(),
                false,
                pick.place(),
                returned)
            .encode(key));
  }
}
