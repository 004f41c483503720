package io.tidaldb.query;

import io.tidaldb.ranking.Ranking;
import io.tidaldb.schema.Feature;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Source;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// The candidates of a profile that names sources, in *rounds*: what its sources give, then, for a
/// page that this does not fill, the head of views, then everything else that is allowed. The order
/// of hits is that of the rounds one after the other, so a longer page never puts anything before a
/// hit of a shorter one.
final class Candidates {

  private static final int UNION_MAX = 4_096;
  private static final int HEAD = 200;

  /// One source's proposals, best first.
  static final class Proposal {
    private final String source;
    private final int asked;
    private final int[] slots;
    private final RoaringBitmap set;
    private final long micros;
    private int fresh;

    Proposal(String source, int asked, int[] slots, long micros) {
      this.source = source;
      this.asked = asked;
      this.slots = slots;
      this.set = RoaringBitmap.bitmapOf(slots);
      this.micros = micros;
    }

    String source() {
      return source;
    }

    int asked() {
      return asked;
    }

    int produced() {
      return slots.length;
    }

    int fresh() {
      return fresh;
    }

    long micros() {
      return micros;
    }

    int returned(RoaringBitmap hits) {
      return RoaringBitmap.andCardinality(set, hits);
    }

    boolean has(int slot) {
      return set.contains(slot);
    }
  }

  private final Plan plan;
  private final RoaringBitmap allowed;
  private final List<Proposal> proposals = new ArrayList<>();
  private final RoaringBitmap taken = new RoaringBitmap();
  private int round;

  /// @param allowed everything that may be returned, whether on this page or on one before it
  Candidates(Plan plan, RoaringBitmap allowed) {
    this.plan = plan;
    this.allowed = allowed;
  }

  /// Whether a query's candidates come from sources: a sort mode takes their place, as of the
  /// score.
  static boolean applies(Plan plan) {
    return plan.request().sort().isEmpty()
        && plan.profile().sort().isEmpty()
        && !plan.profile().sources().isEmpty()
        && plan.profile().sources().stream().noneMatch(Source.Scan.class::isInstance);
  }

  /// The slots of the next round, disjoint from those before; empty after the last.
  RoaringBitmap next() {
    while (round < 3) {
      var slots =
          switch (round++) {
            case 0 -> fromSources();
            case 1 -> fromHead();
            default -> rest();
          };
      if (!slots.isEmpty()) {
        taken.or(slots);
        return slots;
      }
    }
    return new RoaringBitmap();
  }

  /// Whether the round given last was beyond the profile's own sources.
  boolean isExtended() {
    return round > 1;
  }

  /// What the sources gave, in the order in which they were asked.
  List<Proposal> proposals() {
    return proposals;
  }

  private RoaringBitmap fromSources() {
    for (var source : plan.profile().sources()) {
      proposals.add(timed(source.label(), asked(source), () -> slots(source)));
    }
    if (plan.isSeeded() && plan.edges().isEmpty() && !plan.nearness().hasSeeds()) {
      plan.warnings().add(new Warning("SEED_UNKNOWN", "seeds=" + plan.request().seeds()));
      round = 3;
    }
    var union = new RoaringBitmap();
    int size = 0;
    int longest = proposals.stream().mapToInt(Proposal::produced).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (var proposal : proposals) {
        if (i < proposal.slots.length && size < UNION_MAX && union.checkedAdd(proposal.slots[i])) {
          proposal.fresh++;
          size++;
        }
      }
    }
    return union;
  }

  private static int asked(Source source) {
    return switch (source) {
      case Source.Scan() -> Integer.MAX_VALUE;
      case Source.CoEngagement(int n, var of, int seeds) -> n;
      case Source.Ann ann -> ann.k();
    };
  }

  private int[] slots(Source source) {
    return switch (source) {
      case Source.Scan() -> allowed.toArray();
      case Source.Ann ann -> plan.nearness().nearest(ann, allowed);
      case Source.CoEngagement(int n, var of, int seeds) ->
          plan.edges(of, seeds)
              .strongest(
                  allowed, n, slot -> plan.readers().slots().id(plan.request().kind(), slot));
    };
  }

  /// The fastest viewed, if views are declared so that they can be told.
  private RoaringBitmap fromHead() {
    var view = plan.schema().signal(Meaning.VIEW);
    boolean readable =
        view.filter(
                type ->
                    type.target() == plan.request().kind()
                        && type.velocity()
                        && type.windows().stream()
                            .anyMatch(
                                w -> w.isFinite() && w.compareTo(Window.TWENTY_FOUR_HOURS) >= 0))
            .isPresent();
    if (!readable) {
      return new RoaringBitmap();
    }
    var proposal = timed("signal_head(signal:view)", HEAD, this::head);
    proposal.fresh = proposal.produced();
    proposals.add(proposal);
    return RoaringBitmap.bitmapOf(proposal.slots);
  }

  private int[] head() {
    var profile =
        Profile.named("signal_head")
            .term(new Feature.Velocity(Meaning.VIEW.label(), Window.TWENTY_FOUR_HOURS), 1)
            .build();
    var ranking = Ranking.of(profile, plan.scope(), new ArrayList<>());
    var rows =
        new TopHits.Rows(plan.request().kind(), plan.readers().slots(), plan.readers().items());
    var top = new TopHits(HEAD, ranking.columns(), ranking.order(), rows, null);
    var batch = ranking.batch();
    var slots = RoaringBitmap.andNot(allowed, taken).getBatchIterator();
    while (slots.hasNext()) {
      batch.count = slots.nextBatch(batch.slots);
      ranking.score(batch, top.floor());
      top.offer(batch);
    }
    int[] entries = top.sorted();
    int count = 0;
    int[] found = new int[entries.length];
    for (int entry : entries) {
      if (top.score(entry) > 0) {
        found[count++] = top.slot(entry);
      }
    }
    return Arrays.copyOf(found, count);
  }

  private RoaringBitmap rest() {
    var proposal =
        timed("new_items", Integer.MAX_VALUE, () -> RoaringBitmap.andNot(allowed, taken).toArray());
    proposal.fresh = proposal.produced();
    proposals.add(proposal);
    return RoaringBitmap.bitmapOf(proposal.slots);
  }

  private static Proposal timed(String source, int asked, Supplier<int[]> slots) {
    long began = System.nanoTime();
    int[] found = slots.get();
    return new Proposal(source, asked, found, (System.nanoTime() - began) / 1_000);
  }
}
