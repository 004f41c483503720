package io.tidaldb.query;

import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.roaringbitmap.RoaringBitmap;

/// The candidates of a profile that names sources, in *rounds*: what its sources give, then, for a
/// page that this does not fill, the head of views, then everything else that is allowed. The order
/// of hits is that of the rounds one after the other, so a longer page never puts anything before a
/// hit of a shorter one. A profile that sorts what its sources give has the first round alone.
final class Candidates {

  private static final int UNION_MAX = 4_096;
  private static final int HEAD = 200;

  /// So many are scored one by one for `personalized`.
  private static final int SCORED_MAX = 10_000;

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
  private final SourceSlots slots;
  private final RoaringBitmap taken = new RoaringBitmap();
  private final BooleanSupplier late;
  private int round;

  /// @param allowed everything that may be returned, whether on this page or on one before it
  /// @param late whether the deadline has passed: what was found until then is what there is
  Candidates(Plan plan, RoaringBitmap allowed, BooleanSupplier late) {
    this.plan = plan;
    this.allowed = allowed;
    this.late = late;
    this.slots = new SourceSlots(plan, allowed, late);
  }

  /// Whether a query's candidates come from sources: a sort mode of the request takes the place of
  /// the profile's, as of the score, but not of the request's own; `personalized` scores all where
  /// they are few.
  ///
  /// @param allowed how many may be returned
  static boolean applies(Plan plan, long allowed) {
    boolean personalized = plan.sort().filter(Sort.PERSONALIZED::equals).isPresent();
    boolean wanted =
        !plan.request().sources().isEmpty()
            || (personalized ? allowed > SCORED_MAX : plan.request().sort().isEmpty());
    return wanted
        && !plan.sources().isEmpty()
        && plan.sources().stream().noneMatch(Source.Scan.class::isInstance);
  }

  /// The slots of the next round, disjoint from those before; empty after the last.
  RoaringBitmap next() {
    // What a profile sorts is what its sources give.
    int last = plan.sort().isPresent() ? 1 : 3;
    while (round < last) {
      var found =
          switch (round++) {
            case 0 -> fromSources();
            case 1 -> fromHead();
            default -> rest();
          };
      if (!found.isEmpty()) {
        taken.or(found);
        return found;
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
    for (var source : plan.sources()) {
      if (late.getAsBoolean()) {
        break;
      }
      proposals.add(timed(source.label(), SourceSlots.asked(source), () -> slots.of(source)));
    }
    if (plan.together().isSeeded()
        && plan.together().edges().isEmpty()
        && !plan.nearness().hasSeeds()) {
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

  /// The fastest viewed, if views are declared so that they can be told.
  private RoaringBitmap fromHead() {
    if (late.getAsBoolean()) {
      return new RoaringBitmap();
    }
    var head = Source.SignalHead.fastest(Meaning.VIEW.label(), HEAD);
    var left = RoaringBitmap.andNot(allowed, taken);
    var proposal = timed(head.label(), HEAD, () -> slots.head(head, left));
    if (proposal.produced() > 0) {
      proposal.fresh = proposal.produced();
      proposals.add(proposal);
    }
    return RoaringBitmap.bitmapOf(proposal.slots);
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
