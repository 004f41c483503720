package io.tidaldb.cohort;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.ledger.MomentReader;
import io.tidaldb.schema.Window;
import org.jspecify.annotations.Nullable;

/// What the view knows of one user after the other, at a moment. The writer's reads counts as they
/// are; a reader's goes through a [MomentReader]. For one thread.
final class UserFacts implements Facts {

  private static final Mark[] NONE = {};

  private final Users users;
  private final @Nullable MomentReader reader;
  private int user = -1;
  private long at;

  /// @param reader for threads that are not the writer
  UserFacts(Users users, @Nullable MomentReader reader) {
    this.users = users;
    this.reader = reader;
  }

  /// From now on it is about this user.
  ///
  /// @param slot −1 for one that nothing is known of
  @CanIgnoreReturnValue
  UserFacts of(int slot, long moment) {
    user = slot;
    at = moment;
    return this;
  }

  @Override
  public Mark[] marks() {
    var known = user < 0 ? null : users.marks.get(user);
    return known == null ? NONE : known;
  }

  @Override
  public long at() {
    return at;
  }

  @Override
  public long did(int type, Window window) {
    if (user < 0 || !users.activity.keeps(type)) {
      return 0;
    }
    return reader == null
        ? users.activity.count(user, type, window, at)
        : reader.windowedCount(type, window, user);
  }

  @Override
  public long recentEvents() {
    if (user < 0) {
      return 0;
    }
    return reader == null ? users.activity.recent(user, at) : Activity.recent(reader, user);
  }

  @Override
  public long firstEvent() {
    var first = user < 0 ? null : users.firsts.get(user);
    return first == null ? -1 : first;
  }

  @Override
  public double share(String field, String value) {
    var taste = user < 0 ? null : users.tastes.get(user);
    return taste == null ? Double.NaN : taste.share(field, value);
  }
}
