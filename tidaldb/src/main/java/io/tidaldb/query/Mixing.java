package io.tidaldb.query;

import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.Retrieve;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What makes another order of a query's hits than their scores: what the request says, else what
/// the profile says.
///
/// @param diversity limits on how alike neighbours are
/// @param explore the share of positions that exploration fills
/// @param caps how much may be sent to the user
/// @param per results in a block of the limits
record Mixing(Diversity diversity, double explore, NotificationCaps caps, int per) {

  static Mixing of(Retrieve request, Profile profile, @Nullable Cursor cursor) {
    var diversity = diversity(request, profile);
    int per = cursor == null ? diversity.per().orElse(request.limit()) : cursor.per();
    boolean ofItems = request.kind() == EntityKind.ITEM;
    var caps = request.caps().orElse(ofItems ? profile.caps() : NotificationCaps.NONE);
    return new Mixing(diversity, explore(request, profile), caps, per);
  }

  /// On the page of one creator, that creator is no limit.
  private static Diversity diversity(Retrieve request, Profile profile) {
    var limits = request.diversity().orElse(profile.diversity());
    return request.creator().isEmpty() || request.diversity().isPresent()
        ? limits
        : new Diversity(
            OptionalInt.empty(),
            OptionalInt.empty(),
            limits.formatMix(),
            limits.topicDiversity(),
            limits.categoryMin(),
            limits.mmr(),
            limits.per());
  }

  /// The page of one creator explores only if it is asked to; only items explore.
  private static double explore(Retrieve request, Profile profile) {
    boolean explores = request.creator().isEmpty() && request.kind() == EntityKind.ITEM;
    return request.explore().orElse(explores ? profile.explore() : 0);
  }

  /// Whether the order is that of scores alone.
  boolean isNone() {
    return diversity.isNone() && explore == 0 && caps.isNone();
  }

  /// @throws InvalidRequestException if nobody is there to whom caps could apply
  void checkUser(People people) {
    if (!caps.isNone() && people.user().isEmpty()) {
      throw new InvalidRequestException(
          "USER_REQUIRED", "caps need a user: caps=" + caps + "; add forUser to the request");
    }
  }

  /// Nothing of it but the caps, in blocks of the same size: what is left where the load is too
  /// high.
  Mixing skipped() {
    return new Mixing(Diversity.NONE, 0, caps, per);
  }

  boolean explores() {
    return explore > 0;
  }

  /// Whether exploration fills a position, from 1 over all pages: position ⌈j / x⌉ for some j,
  /// where x is the decimal number that was written.
  boolean isDraw(int position) {
    return explores() && draws(position) > draws(position - 1);
  }

  /// Whether exploration fills any position behind one, up to another.
  boolean drawsWithin(int from, int to) {
    return explores() && draws(to) > draws(from);
  }

  /// How many of the first positions exploration fills.
  private int draws(int positions) {
    return BigDecimal.valueOf(explore)
        .multiply(BigDecimal.valueOf(positions))
        .setScale(0, RoundingMode.FLOOR)
        .intValueExact();
  }
}
