package io.tidaldb.relation;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.PageRequest;
import java.util.Optional;

/// A place in a list that is newest first, ties by unsigned id, then by a code. Its text is a page
/// token: `time.id.code`.
record ListPlace(long time, long id, int code) implements Comparable<ListPlace> {

  /// The place behind which a page begins; empty for the beginning of the list.
  static Optional<ListPlace> of(PageRequest page, String list) {
    return page.after().map(token -> of(page.tokenInvalid(list), token));
  }

  static ListPlace of(InvalidRequestException refusal, String token) {
    var parts = token.split("\\.", -1);
    try {
      if (parts.length == 3) {
        return new ListPlace(
            Long.parseLong(parts[0]), Long.parseUnsignedLong(parts[1]), Integer.parseInt(parts[2]));
      }
    } catch (NumberFormatException _) {
      throw refusal;
    }
    throw refusal;
  }

  String text() {
    return time + "." + Long.toUnsignedString(id) + "." + code;
  }

  @Override
  public int compareTo(ListPlace other) {
    if (time != other.time) {
      return Long.compare(other.time, time);
    }
    int byId = Long.compareUnsigned(id, other.id);
    return byId != 0 ? byId : Integer.compare(code, other.code);
  }
}
