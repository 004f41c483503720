package io.tidaldb.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.FeedbackPolicy.Effect;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metric;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.SchemaBuilder;
import io.tidaldb.schema.Signal;
import io.tidaldb.schema.UserState;
import io.tidaldb.schema.Window;
import io.tidaldb.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each signal does to its user, cell by cell, before and after a reopening.
class FeedbackTest {

  private static final EntityId CREATOR = EntityId.of(900);
  private static final EntityId LIKED = EntityId.of(1);
  private static final EntityId ITEM = EntityId.of(2);
  private static final double EXACT = 1e-6;

  /// A row of the table.
  ///
  /// @param rate how far the preference moves
  /// @param raise of the affinity
  private record Row(
      Meaning meaning,
      double weight,
      Set<UserState> states,
      double rate,
      double evidence,
      double raise) {

    static Row of(
        Meaning meaning, double rate, double evidence, double raise, UserState... states) {
      var all = EnumSet.noneOf(UserState.class);
      all.addAll(List.of(states));
      return new Row(meaning, 1, all, rate, evidence, raise);
    }

    Row weight(double newWeight) {
      return new Row(meaning, newWeight, states, rate, evidence, raise);
    }

    String label() {
      return meaning.label() + " " + weight;
    }
  }

  private static final List<Row> TABLE =
      List.of(
          Row.of(Meaning.IMPRESSION, 0, 0, 0, UserState.SHOWN),
          Row.of(Meaning.VIEW, 0.02, 0.2, 0.1, UserState.SEEN, UserState.HISTORY),
          Row.of(
                  Meaning.COMPLETION,
                  0.15 * 0.5,
                  0.5,
                  0.25,
                  UserState.SEEN,
                  UserState.HISTORY,
                  UserState.IN_PROGRESS)
              .weight(0.5),
          Row.of(Meaning.COMPLETION, 0.15 * 0.04, 0.04, 0.02, UserState.SEEN, UserState.HISTORY)
              .weight(0.04),
          Row.of(
                  Meaning.COMPLETION,
                  0.15 * 0.9,
                  0.9,
                  0.45,
                  UserState.SEEN,
                  UserState.HISTORY,
                  UserState.COMPLETED)
              .weight(0.9),
          Row.of(Meaning.LIKE, 0.10, 1, 1, UserState.LIKED),
          Row.of(Meaning.COMMENT, 0.08, 1, 1),
          Row.of(Meaning.SAVE, 0.12, 1, 1, UserState.SAVED),
          Row.of(Meaning.SHARE, 0.15, 1, 2),
          Row.of(Meaning.PURCHASE, 0.20, 2, 3),
          Row.of(Meaning.SKIP, -0.05, 0, -0.3),
          Row.of(Meaning.DISLIKE, -0.10, 0, -1, UserState.DISLIKED),
          Row.of(Meaning.NOT_INTERESTED, -0.15, 0, -1, UserState.NOT_INTERESTED),
          Row.of(Meaning.HIDE, -0.20, 0, -2),
          Row.of(Meaning.REPORT, -0.20, 0, -2),
          Row.of(Meaning.NOTIFIED, 0, 0, 0),
          Row.of(Meaning.UNLIKE, 0, 0, 0),
          Row.of(Meaning.UNSAVE, 0, 0, 0));

  private final ManualClock clock = new ManualClock();

  @TempDir private Path folder;

  private TidalDb open() {
    var builder = new SchemaBuilder();
    for (var meaning : Meaning.values()) {
      builder =
          builder
              .signal(
                  meaning.label(),
                  EntityKind.ITEM,
                  io.tidaldb.schema.Decay.exponential(Duration.ofDays(7)))
              .windows(Window.ALL_TIME)
              .add();
    }
    builder
        .embeddingSlot("content", 2)
        .embeddingSlot("content", EntityKind.CREATOR, 2, Metric.COSINE);
    return TidalDb.builder()
        .dataDirectory(folder.resolve("db"))
        .schema(builder.build())
        .clock(clock)
        .open();
  }

  private static void fill(TidalDb db) {
    db.writeCreator(CREATOR, Map.of(), new float[] {0, 1});
    db.writeItem(LIKED, Map.of(), new float[] {1, 0});
    db.writeItem(ITEM, Map.of("creator_id", CREATOR.value()), new float[] {0, 1});
  }

  /// The angle's tangent after one move of (1, 0) by a rate toward or away from (0, 1).
  private static double moved(double rate) {
    return rate > 0 ? Math.min(0.5, rate) / (1 - Math.min(0.5, rate)) : rate;
  }

  private static double tangent(TidalDb db, EntityId user) {
    float[] vector = db.readPreference(user).orElseThrow().vector();
    return (double) vector[1] / vector[0];
  }

  @Test
  void everySignalDoesWhatItsRowSays() {
    try (var db = open()) {
      fill(db);
      for (int i = 0; i < TABLE.size(); i++) {
        var row = TABLE.get(i);
        var user = EntityId.of(100 + i);
        // Known, and close to the creator: what falls must have where to fall from.
        db.signal("like", LIKED, Signal.by(user));
        db.follow(user, CREATOR);
        db.writeUser(user, Map.of(), new float[] {1, 0});
        db.signal(row.meaning.label(), ITEM, Signal.by(user).weight(row.weight));
      }
      check(db);
    }
    try (var db = open()) {
      check(db);
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }

  private static void check(TidalDb db) {
    for (int i = 0; i < TABLE.size(); i++) {
      var row = TABLE.get(i);
      var user = EntityId.of(100 + i);
      assertThat(db.readState(user, ITEM)).as(row.label()).isEqualTo(row.states);
      assertThat(tangent(db, user)).as(row.label()).isCloseTo(moved(row.rate), within(EXACT));
      assertThat(db.readPreference(user).orElseThrow().evidence())
          .as(row.label())
          .isCloseTo(5 + row.evidence, within(EXACT));
      assertThat(db.affinity(user, CREATOR))
          .as(row.label())
          .isCloseTo(5 + row.raise, within(EXACT));
      var hidden = row.meaning == Meaning.HIDE || row.meaning == Meaning.REPORT;
      var page = db.retrieve(Retrieve.items().forUser(user));
      assertThat(page.hits().stream().anyMatch(hit -> hit.id().equals(ITEM)))
          .as(row.label())
          .isEqualTo(!hidden && row.meaning != Meaning.NOT_INTERESTED);
    }
  }

  @Test
  void aLikeTakesADislikeBackAndTheOtherWayRound() {
    try (var db = open()) {
      fill(db);
      var user = EntityId.of(7);
      db.signal("like", ITEM, Signal.by(user));
      clock.advance(Duration.ofSeconds(1));
      db.signal("dislike", ITEM, Signal.by(user));
      assertThat(db.readState(user, ITEM)).containsExactly(UserState.DISLIKED);
      clock.advance(Duration.ofSeconds(1));
      db.signal("like", ITEM, Signal.by(user));
      assertThat(db.readState(user, ITEM)).containsExactly(UserState.LIKED);
      db.signal("save", ITEM, Signal.by(user));
      clock.advance(Duration.ofSeconds(1));
      db.signal("unlike", ITEM, Signal.by(user));
      db.signal("unsave", ITEM, Signal.by(user));
      assertThat(db.readState(user, ITEM)).isEmpty();
    }
  }

  @Test
  void relationsMoveAffinityAndPreference() {
    try (var db = open()) {
      fill(db);
      var user = EntityId.of(7);
      db.writeUser(user, Map.of(), new float[] {1, 0});
      db.follow(user, CREATOR);
      assertThat(db.affinity(user, CREATOR)).isCloseTo(5, within(EXACT));
      assertThat(tangent(db, user)).isCloseTo(moved(0.10), within(EXACT));
      assertThat(db.readPreference(user).orElseThrow().evidence()).isEqualTo(6);
      db.signal("like", ITEM, Signal.by(user));
      clock.advance(Duration.ofNanos(1));
      db.unfollow(user, CREATOR);
      assertThat(db.affinity(user, CREATOR)).isCloseTo(1, within(EXACT));
      db.block(user, CREATOR);
      assertThat(db.affinity(user, CREATOR)).isZero();
    }
  }

  @Test
  void anotherPolicyHoldsFromItsPositionOn() {
    var before = EntityId.of(7);
    var after = EntityId.of(8);
    var policy =
        FeedbackPolicy.STANDARD
            .with(Meaning.LIKE, new Effect(0.4, 3, 7))
            .with(Meaning.SKIP, Effect.NONE)
            .withFollow(new Effect(0.2, 2, 9))
            .withAffinityHalfLife(Duration.ofDays(1));
    var digests = new ArrayList<String>();
    try (var db = open()) {
      fill(db);
      assertThat(db.feedbackPolicy()).isEqualTo(FeedbackPolicy.STANDARD);
      for (var user : List.of(before, after)) {
        db.writeUser(user, Map.of(), new float[] {1, 0});
      }
      db.signal("like", ITEM, Signal.by(before));
      assertThat(db.saveFeedbackPolicy(policy).version()).isEqualTo(2);
      assertThat(db.saveFeedbackPolicy(policy).version()).as("the same again").isEqualTo(2);
      assertThat(db.affinity(before, CREATOR)).isCloseTo(1, within(EXACT));
      db.signal("like", ITEM, Signal.by(after));
      db.signal("skip", ITEM, Signal.by(after));
      assertThat(tangent(db, before)).isCloseTo(moved(0.10), within(EXACT));
      assertThat(tangent(db, after)).isCloseTo(moved(0.4), within(EXACT));
      assertThat(db.affinity(after, CREATOR)).isCloseTo(7, within(EXACT));
      assertThat(db.readPreference(after).orElseThrow().evidence()).isEqualTo(8);
      db.follow(after, CREATOR);
      assertThat(db.affinity(after, CREATOR)).isCloseTo(16, within(EXACT));
      clock.advance(Duration.ofDays(1));
      assertThat(db.affinity(before, CREATOR)).isCloseTo(0.5, within(EXACT));
      assertThat(db.affinity(after, CREATOR)).isCloseTo(8, within(EXACT));
      digests.add(db.stateDigest());
    }
    try (var db = open()) {
      assertThat(db.stateDigest()).isEqualTo(digests.getFirst());
      assertThat(db.feedbackPolicy()).isEqualTo(policy.withVersion(2));
      assertThat(db.affinity(before, CREATOR)).isCloseTo(0.5, within(EXACT));
      db.signal("like", ITEM, Signal.by(before));
      assertThat(db.affinity(before, CREATOR)).isCloseTo(7.5, within(EXACT));
      assertThat(db.saveFeedbackPolicy(FeedbackPolicy.STANDARD).version()).isEqualTo(3);
      assertThat(db.affinity(before, CREATOR)).isCloseTo(7.5, within(EXACT));
      clock.advance(Duration.ofDays(30));
      assertThat(db.affinity(before, CREATOR)).isCloseTo(3.75, within(EXACT));
      assertThat(db.verify(true).findings()).isEmpty();
    }
  }
}
