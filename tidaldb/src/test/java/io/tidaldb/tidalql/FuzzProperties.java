package io.tidaldb.tidalql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.QuerySyntaxException;
import io.tidaldb.testing.Generator;
import io.tidaldb.testing.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever is read: a request, or an error with a place inside the text.
class FuzzProperties {

  private static final int PER_TRY = 10;

  private static final List<String> PIECES =
      List.of(
          "RETRIEVE",
          "items",
          "SEARCH",
          "SUGGEST",
          "EXPLAIN",
          "ANALYZE",
          "ITEM",
          "IN",
          "FOR",
          "USER",
          "$p",
          "FILTER",
          "(",
          ")",
          "NOT",
          "AND",
          "OR",
          ",",
          "=",
          "<=",
          "!=",
          "category",
          "\"jazz\"",
          "'x",
          "`in`",
          "`",
          "5",
          "-7",
          "1.5",
          "24h",
          "1h30m",
          "9x",
          "now",
          "+",
          "-",
          "--",
          "\n",
          "[",
          "]",
          "@",
          ":",
          ".",
          ";",
          "signal",
          "name",
          "WITHIN",
          "BETWEEN",
          "HAS",
          "ANY",
          "ALL",
          "AFTER",
          "LIMIT",
          "SORT",
          "BY",
          "hot",
          "WINDOW",
          "VECTOR",
          "😀",
          "\\",
          "18446744073709551616",
          "EXCLUDE",
          "SIMILAR",
          "TO",
          "DIVERSITY",
          "NONE",
          "\"\\u00e9\"");

  private static void reads(String text, boolean bound) {
    try {
      var query = TidalQl.parse(text, bound ? Map.of("p", 5) : Map.of());
      assertThat(TidalQl.parse(query.toString())).isEqualTo(query);
    } catch (QuerySyntaxException e) {
      assertThat(e.offset()).as(text).isBetween(0, text.length());
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
      assertThat(e.expected()).hasSizeLessThanOrEqualTo(12).isSorted();
      assertThat(e.getMessage()).startsWith("line " + e.line() + ", column " + e.column() + ": ");
    }
  }

  @Test
  void changedTexts() {
    // With -Pslow 1,000,000 texts.
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(5_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var text = new Requests(random).query().toString();
              for (int i = 0; i < PER_TRY; i++) {
                text = changed(text, random);
                reads(text, random.nextBoolean());
              }
            });
  }

  @Test
  void piecesInAnyOrder() {
    Property.forAll(Generator.longs(0, Long.MAX_VALUE))
        .tries(5_000)
        .check(
            seed -> {
              var random = new SplittableRandom(seed);
              var text = new StringBuilder("RETRIEVE items ");
              for (int i = random.nextInt(30); i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())))
                    .append(random.nextInt(8) == 0 ? "" : " ");
              }
              reads(text.toString(), random.nextBoolean());
              reads(new Requests(random).text(), false);
            });
  }

  private static String changed(String text, SplittableRandom random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(4));
    var piece = PIECES.get(random.nextInt(PIECES.size()));
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, from) + text.substring(to);
      case 1 -> text.substring(0, from) + piece + text.substring(from);
      case 2 -> text.substring(0, from) + (char) random.nextInt(0x1_0000) + text.substring(to);
      case 3 -> text.substring(0, to) + text.substring(from);
      case 4 -> {
        var words = new ArrayList<>(List.of(text.split(" ", -1)));
        Collections.swap(words, random.nextInt(words.size()), random.nextInt(words.size()));
        yield String.join(" ", words);
      }
      default -> random.nextInt(4) == 0 ? text.substring(0, from) : text;
    };
  }

  /// Texts of the greatest size, made so that anything that looks back or ahead would take for
  /// ever.
  @Test
  void greatTextsTakeNoLongerThanTheirLength() {
    for (var piece :
        List.of(
            "(",
            "NOT ",
            "a = 1 AND ",
            "a IN (1,",
            "\"",
            "'\\n",
            "`",
            "$",
            "-",
            "--\n",
            "1h",
            "9",
            "9.",
            "[1,",
            "x ",
            "FOR ",
            "signal(",
            "\\u0041",
            "\n",
            "😀",
            "a = \"x\" OR (")) {
      var size = TidalQl.BYTES_MAX / piece.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      var many = piece.repeat(size);
      for (var begin : List.of("", "RETRIEVE items FILTER ", "SEARCH items VECTOR [", "SUGGEST ")) {
        reads(many.substring(0, many.length() - 30 / piece.length() * piece.length()), false);
        reads(begin + many.substring(0, many.length() / 2), false);
      }
    }
  }
}
