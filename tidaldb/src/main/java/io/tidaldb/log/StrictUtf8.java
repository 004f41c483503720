package io.tidaldb.log;

import io.tidaldb.schema.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Strings as UTF-8 without leniency: what cannot be written exactly is refused, what is not UTF-8
/// is not read.
final class StrictUtf8 {

  private StrictUtf8() {}

  /// How many bytes the text takes, without its length.
  static int size(String text) {
    int length = text.length();
    int bytes = length;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        continue;
      }
      if (c < 0x800) {
        bytes++;
      } else if (!Character.isSurrogate(c)) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 2;
        i++;
      } else {
        throw new InvalidRequestException(
            "TEXT_INVALID",
            "text has half of a surrogate pair, which UTF-8 cannot express: index=" + i);
      }
    }
    return bytes;
  }

  /// Writes length and bytes of a text that [#size] has accepted.
  static void put(String text, ByteBuffer out) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  /// The text in these bytes.
  static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(bytes))
        .toString();
  }
}
