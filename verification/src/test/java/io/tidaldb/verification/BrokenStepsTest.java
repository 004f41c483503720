package io.tidaldb.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every step that the specification wants broken is broken, one at a time, and turns the campaign
/// red that stands beside it. With nothing broken every campaign is green.
final class BrokenStepsTest {

  /// A broken step and the campaign that sees it.
  record Case(BrokenStep step, String campaign) {
    @Override
    public String toString() {
      return step.name() + " → " + campaign;
    }
  }

  private static final String VIEWS = "engine/BrokenViews";

  static List<Case> cases() {
    return Stream.of(recovery(), checkpoints(), surfaces()).flatMap(List::stream).toList();
  }

  /// Steps of log and replay.
  private static List<Case> recovery() {
    return List.of(
        new Case(
            BrokenStep.without(
                "skip replay", "engine/StoreOpening", "replay", "engine/Views.apply"),
            "frames"),
        new Case(
            new BrokenStep(
                "replay without per-view position",
                "engine/Views",
                "apply",
                "engine/Views.applyBehindLoaded",
                VIEWS + ".applyToAll"),
            "rows"),
        new Case(
            new BrokenStep(
                "apply a frame twice",
                "engine/StoreOpening",
                "replay",
                "engine/Views.apply",
                VIEWS + ".applyTwice"),
            "frames"),
        new Case(
            BrokenStep.without(
                "acknowledge before sync", "engine/Writer", "syncAndApply", "engine/Journal.sync"),
            "frames"),
        new Case(
            BrokenStep.without(
                "keep a torn tail", "log/LogRecovery", "cut", "log/ActiveSegment.cut"),
            "power"),
        new Case(
            new BrokenStep(
                "restore without hash check",
                "checkpoint/ViewImage",
                "read",
                "disk/Digest.equals",
                "disk/BrokenDigests.same"),
            "damage"));
  }

  /// Steps of saved state.
  private static List<Case> checkpoints() {
    return List.of(
        new Case(
            BrokenStep.without(
                "switch batch without its pages",
                "checkpoint/Shadow",
                "write",
                "storage/StorageBackend.writeBatch"),
            "checkpoints"),
        new Case(
            BrokenStep.without(
                "keep orphans",
                "checkpoint/Checkpoints",
                "removeOrphans",
                "checkpoint/Checkpoints.isOrphan"),
            "checkpoints"),
        new Case(
            BrokenStep.without(
                "forget the window of positives",
                "coengagement/CoEngagementView",
                "load",
                "coengagement/FrozenWindows.decode"),
            "checkpoints"),
        new Case(
            new BrokenStep(
                "trim nothing at restore",
                "coengagement/Edges",
                "insert",
                "coengagement/Edges.makeRoom",
                "coengagement/BrokenEdges.room"),
            "lessRoom"),
        new Case(
            BrokenStep.without(
                "attribute by another day's membership",
                "cohort/CohortView",
                "apply",
                "cohort/Membership.changed"),
            "frames"));
  }

  /// Steps of collections and sessions.
  private static List<Case> surfaces() {
    return List.of(
        new Case(
            new BrokenStep(
                "drop annotations",
                "session/SessionCodec$Read",
                "state",
                "session/SessionCodec.readNotes",
                "session/BrokenSessions.wordless"),
            "checkpoints"),
        new Case(
            BrokenStep.without(
                "drop session metadata",
                "session/SessionCodec",
                "readHead",
                "java/util/TreeMap.put"),
            "checkpoints"),
        new Case(
            new BrokenStep(
                "count before the member key",
                "collection/CollectionFold",
                "write",
                "storage/StorageBackend.writeBatch",
                "storage/BrokenBatches.positionFirst"),
            "frames"),
        new Case(
            new BrokenStep(
                "lose the reverse key",
                "collection/CollectionFold",
                "put",
                "collection/CollectionRows.reverseKey",
                "collection/BrokenCollections.elsewhere"),
            "frames"),
        new Case(
            new BrokenStep(
                "reuse a session id",
                "engine/SessionDrafts$Start",
                "resolve",
                "session/SessionView.nextId",
                "session/BrokenSessions.lastId"),
            "frames"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBrokenStepTurnsItsCampaignRed(Case broken) {
    var loader = new BrokenLoader(List.of(broken.step));
    var failure = loader.failureOf(BrokenCampaigns.class, broken.campaign);
    assertThat(loader.changes()).as("the step is where it should be").containsKey(broken.step);
    assertThat(failure).as("%s is not noticed", broken).isNotNull();
  }

  @Test
  void withNothingBrokenEveryCampaignIsGreen() {
    var loader = new BrokenLoader(List.of());
    var seen = new ArrayList<String>();
    for (var broken : cases()) {
      if (!seen.contains(broken.campaign)) {
        seen.add(broken.campaign);
        assertThat(loader.failureOf(BrokenCampaigns.class, broken.campaign))
            .as(broken.campaign)
            .isNull();
      }
    }
    assertThat(seen).hasSizeGreaterThan(3);
  }
}
