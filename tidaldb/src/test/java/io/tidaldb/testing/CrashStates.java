package io.tidaldb.testing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The legal states of a simulated disk after a power cut: the durable state plus subsets of the
/// pending units.
final class CrashStates {

  private final Supplier<DiskState> durable;
  private final List<PendingUnit> pending;
  private final Function<DiskState, SimulatedVolume> make;

  CrashStates(
      Supplier<DiskState> durable,
      List<PendingUnit> pending,
      Function<DiskState, SimulatedVolume> make) {
    this.durable = durable;
    this.pending = pending;
    this.make = make;
  }

  SimulatedVolume choose(CrashChoice choice) {
    DiskState state = durable.get();
    switch (choice) {
      case CrashChoice.None() -> {}
      case CrashChoice.All() -> state.apply(pending, prefix(pending.size()));
      case CrashChoice.Seeded(var seed) -> {
        SplittableRandom random = new SplittableRandom(seed);
        BitSet kept = randomSubset(random);
        state.apply(pending, kept);
        tear(state, kept, random);
      }
    }
    return make.apply(state);
  }

  Stream<CrashState> stream(CrashPlan plan) {
    Set<String> seen = new HashSet<>();
    Stream<CrashState> chosen =
        subsets(plan)
            .flatMap(kept -> plan.garbage() ? variants(kept, plan) : Stream.of(plain(kept)))
            .filter(candidate -> seen.add(candidate.state().hash()))
            .map(candidate -> new CrashState(candidate.text(), make.apply(candidate.state())));
    SplittableRandom random = new SplittableRandom(plan.seed());
    Stream<CrashState> torn =
        IntStream.range(0, pending.isEmpty() ? 0 : plan.randomSubsets())
            .mapToObj(_ -> torn(random))
            .filter(candidate -> seen.add(candidate.state().hash()))
            .map(candidate -> new CrashState(candidate.text(), make.apply(candidate.state())));
    return Stream.concat(chosen, torn);
  }

  private record Candidate(DiskState state, String text) {}

  private Candidate plain(BitSet kept) {
    DiskState state = durable.get();
    state.apply(pending, kept);
    return new Candidate(state, describe(kept));
  }

  private Stream<Candidate> variants(BitSet kept, CrashPlan plan) {
    Candidate plain = plain(kept);
    Candidate filled = plain(kept);
    return filled.state().fillLostSectors(pending, kept, plan.seed())
        ? Stream.of(plain, new Candidate(filled.state(), filled.text() + " lost sectors: garbage"))
        : Stream.of(plain);
  }

  private Candidate torn(SplittableRandom random) {
    BitSet kept = randomSubset(random);
    Candidate candidate = plain(kept);
    String where = tear(candidate.state(), kept, random);
    return new Candidate(candidate.state(), candidate.text() + where);
  }

  /// Tears the last kept sector of a file that is the last to write its place: an earlier one would
  /// undo a later one.
  private String tear(DiskState state, BitSet kept, SplittableRandom random) {
    List<PendingUnit.Sector> sectors = new ArrayList<>();
    Set<String> places = new HashSet<>();
    for (int i = kept.length() - 1; i >= 0; i = kept.previousSetBit(i - 1)) {
      if (pending.get(i) instanceof PendingUnit.Size(var _, var _, var cut) && cut) {
        break;
      }
      if (pending.get(i) instanceof PendingUnit.Sector sector
          && places.add(System.identityHashCode(sector.file()) + "@" + sector.offset())) {
        sectors.add(sector);
      }
    }
    if (sectors.isEmpty()) {
      return "";
    }
    PendingUnit.Sector sector = sectors.get(random.nextInt(sectors.size()));
    int keptBytes = random.nextInt(sector.content().remaining() + 1);
    state.tear(sector, keptBytes);
    return " torn: " + sector + " after " + keptBytes + " bytes";
  }

  private Stream<BitSet> subsets(CrashPlan plan) {
    int count = pending.size();
    if (count < 31 && 1 << count <= plan.subsetsMax()) {
      return IntStream.range(0, 1 << count).mapToObj(bits -> BitSet.valueOf(new long[] {bits}));
    }
    SplittableRandom random = new SplittableRandom(plan.seed());
    return Stream.of(
            IntStream.rangeClosed(0, count).mapToObj(CrashStates::prefix),
            IntStream.range(0, count).mapToObj(this::allBut),
            IntStream.range(0, count).mapToObj(CrashStates::only),
            IntStream.range(0, plan.randomSubsets()).mapToObj(_ -> randomSubset(random)))
        .flatMap(s -> s);
  }

  private static BitSet prefix(int length) {
    BitSet kept = new BitSet();
    kept.set(0, length);
    return kept;
  }

  private BitSet allBut(int index) {
    BitSet kept = prefix(pending.size());
    kept.clear(index);
    return kept;
  }

  private static BitSet only(int index) {
    BitSet kept = new BitSet();
    kept.set(index);
    return kept;
  }

  private BitSet randomSubset(SplittableRandom random) {
    BitSet kept = new BitSet();
    // Not always a fair coin: few or many survivors are as likely as half of them.
    double share = random.nextDouble();
    IntStream.range(0, pending.size()).filter(_ -> random.nextDouble() < share).forEach(kept::set);
    return kept;
  }

  private String describe(BitSet kept) {
    if (kept.cardinality() == pending.size()) {
      return "everything kept";
    }
    StringBuilder text = new StringBuilder("kept:");
    boolean fewKept = kept.cardinality() * 2 <= pending.size();
    if (!fewKept) {
      text.setLength(0);
      text.append("lost:");
    }
    IntStream.range(0, pending.size())
        .filter(i -> kept.get(i) == fewKept)
        .forEach(i -> text.append(" #").append(i).append(' ').append(pending.get(i)));
    return text.toString();
  }
}
