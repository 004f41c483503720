package io.tidaldb.query;

import io.tidaldb.disk.Digest;
import io.tidaldb.schema.Retrieve;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Hashes that name a request: with the same state, equal hashes have equal answers.
final class RequestHash {

  private RequestHash() {}

  /// The request without limit, deadline, cursor and what it is newer than, which may differ from
  /// page to page. Equal requests have equal text, and different ones do not.
  static Cursor.Seal of(Retrieve request) {
    var same = request.limit(Retrieve.LIMIT_DEFAULT).withoutDeadline().withoutNewerThan();
    return Cursor.Seal.of(digest(same.after("").toString()));
  }

  /// What logs name an answer by: the whole request, its time and the position it saw.
  static String requestId(Retrieve request, long at, long position) {
    byte[] digest = digest(request + "|" + at + "|" + position);
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  private static byte[] digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
  }
}
