package io.tidaldb.entity;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// How titles are sorted and keywords are compared.
final class TitleKey {

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private TitleKey() {}

  /// The sort key of a title: NFKD, marks removed, lower case, trimmed.
  static String of(String title) {
    var key =
        isAscii(title)
            ? title
            : MARKS.matcher(Normalizer.normalize(title, Normalizer.Form.NFKD)).replaceAll("");
    return key.toLowerCase(Locale.ROOT).strip();
  }

  /// The first 8 bytes of a sort key's UTF-8, whose unsigned order is the order of code points.
  static long prefix(String key) {
    byte[] bytes = key.substring(0, Math.min(8, key.length())).getBytes(StandardCharsets.UTF_8);
    long prefix = 0;
    for (int i = 0; i < 8; i++) {
      prefix = (prefix << 8) | (i < bytes.length ? bytes[i] & 0xFF : 0);
    }
    return prefix;
  }

  /// A keyword as it is compared: NFC, lower case.
  static String keyword(String keyword) {
    if (isAscii(keyword)) {
      return keyword.toLowerCase(Locale.ROOT);
    }
    var lower = Normalizer.normalize(keyword, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(lower, Normalizer.Form.NFC);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
