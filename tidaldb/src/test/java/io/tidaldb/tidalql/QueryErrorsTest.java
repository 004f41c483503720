package io.tidaldb.tidalql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidaldb.schema.QuerySyntaxException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What errors say, word for word.
class QueryErrorsTest {

  private static void says(String text, String... lines) {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .as(text)
        .isThrownBy(() -> TidalQl.parse(text))
        .withMessage(String.join("\n", lines));
  }

  @Test
  void aMisspeltClause() {
    says(
        """
        RETRIEVE items FOR USER 42
        FILTER unseen
        DIVERSTY max_per_creator:2\
        """,
        "line 3, column 1: expected DIVERSITY, EXCLUDE, EXPLORE … but found \"DIVERSTY\"; did you"
            + " mean DIVERSITY?",
        "DIVERSTY max_per_creator:2",
        "^");
  }

  @Test
  void whatAnErrorKnows() {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse("RETRIEVE items\nLIMIT 5 -- 😀\nSROT BY hot"))
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("QUERY_SYNTAX");
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.column()).isEqualTo(1);
              assertThat(e.offset()).isEqualTo(29);
              assertThat(e.found()).isEqualTo("SROT");
              assertThat(e.hint()).contains("SORT");
              assertThat(e.expected()).hasSizeLessThanOrEqualTo(12).isSorted().contains("SORT");
              assertThat(e.exitCode()).isEqualTo(2);
            });
  }

  @Test
  void statements() {
    says(
        "RETREIVE items",
        "line 1, column 1: expected EXPLAIN, RETRIEVE, SEARCH … but found \"RETREIVE\"; did you"
            + " mean RETRIEVE?",
        "RETREIVE items",
        "^");
    says("", "line 1, column 1: expected EXPLAIN, RETRIEVE, SEARCH … but found the end", "", "^");
    says(
        "RETRIEVE item",
        "line 1, column 10: expected CREATORS, ITEMS but found \"item\"; did you mean ITEMS?",
        "RETRIEVE item",
        "         ^");
    says(
        "RETRIEVE items LIMIT 5 LIMIT 6",
        "line 1, column 24: expected AT, CAPS, CURSOR … but found \"LIMIT\": it is given twice",
        "RETRIEVE items LIMIT 5 LIMIT 6",
        "                       ^");
    says(
        "EXPLAIN ITEM 77 RETRIEVE items",
        "line 1, column 17: expected IN but found \"RETRIEVE\"",
        "EXPLAIN ITEM 77 RETRIEVE items",
        "                ^");
  }

  @Test
  void values() {
    says(
        "RETRIEVE items FOR USER -1",
        "line 1, column 25: expected an id but found \"-1\"",
        "RETRIEVE items FOR USER -1",
        "                        ^");
    says(
        "RETRIEVE items LIMIT \"5\"",
        "line 1, column 22: expected a whole number but found \"5\"",
        "RETRIEVE items LIMIT \"5\"",
        "                     ^");
    says(
        "RETRIEVE items WINDOW 2d",
        "line 1, column 23: expected 1h, 24h, 30d … but found \"2d\"",
        "RETRIEVE items WINDOW 2d",
        "                      ^");
    says(
        "RETRIEVE items SORT BY hto",
        "line 1, column 24: expected hot, live_viewer_count, longest … but found \"hto\"; did you"
            + " mean hot?",
        "RETRIEVE items SORT BY hto",
        "                       ^");
    says(
        "RETRIEVE items AT \"yesterday\"",
        "line 1, column 19: expected a moment like \"2026-03-01T10:00:00Z\" but found"
            + " \"yesterday\"",
        "RETRIEVE items AT \"yesterday\"",
        "                  ^");
    says(
        "RETRIEVE items DEADLINE 50x",
        "line 1, column 27: expected one of the units ns, ms, s, m, h, d, w but found \"x\"",
        "RETRIEVE items DEADLINE 50x",
        "                          ^");
    says(
        "RETRIEVE items CURSOR \"abc",
        "line 1, column 23: expected a closing \" but found \"\\\"abc\"",
        "RETRIEVE items CURSOR \"abc",
        "                      ^");
    says(
        "RETRIEVE items CURSOR \"a\\x\"",
        "line 1, column 26: expected one of the escapes \\\" \\' \\\\ \\n \\t \\uXXXX but found"
            + " \"x\"",
        "RETRIEVE items CURSOR \"a\\x\"",
        "                         ^");
  }

  @Test
  void filters() {
    says(
        "RETRIEVE items FILTER unsene AND liked",
        "line 1, column 30: expected AFTER, BEFORE, BETWEEN … but found \"AND\"; did you mean"
            + " unseen?",
        "RETRIEVE items FILTER unsene AND liked",
        "                             ^");
    says(
        "RETRIEVE items FILTER (unseen OR liked LIMIT 5",
        "line 1, column 40: expected \")\", \",\", AND … but found \"LIMIT\"",
        "RETRIEVE items FILTER (unseen OR liked LIMIT 5",
        "                                       ^");
    says(
        "RETRIEVE items FILTER category < \"jazz\"",
        "line 1, column 34: expected a number but found \"jazz\"",
        "RETRIEVE items FILTER category < \"jazz\"",
        "                                 ^");
    says(
        "RETRIEVE items FILTER signl(name:view) > 1",
        "line 1, column 23: expected affinity, completion_rate, in_collection … but found"
            + " \"signl\"; did you mean signal?",
        "RETRIEVE items FILTER signl(name:view) > 1",
        "                      ^");
    says(
        "RETRIEVE items FILTER liked WITHIN 5h",
        "line 1, column 29: only shown and unshown can be asked within a span: state=liked",
        "RETRIEVE items FILTER liked WITHIN 5h",
        "                            ^");
    says(
        "RETRIEVE items FILTER unseen AND é",
        "line 1, column 34: expected a word, a value or a symbol but found \"é\"",
        "RETRIEVE items FILTER unseen AND é",
        "                                 ^");
  }

  @Test
  void whatComesLater() {
    says(
        "RETRIEVE items FACETS category:20 LIMIT 5",
        "line 1, column 16: cannot be done yet, a later version will: clause=FACETS",
        "RETRIEVE items FACETS category:20 LIMIT 5",
        "               ^");
  }

  @Test
  void aLongLineIsCut() {
    var text = "RETRIEVE items FILTER " + "NOT ".repeat(40) + "5 " + "AND seen ".repeat(20);
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(text))
        .satisfies(
            e -> {
              var lines = e.getMessage().lines().toList();
              assertThat(lines.get(1)).startsWith("…").endsWith("…").hasSize(122);
              assertThat(lines.get(2)).isEqualTo(" ".repeat(61) + "^");
              assertThat(lines.get(1).charAt(61)).isEqualTo('5');
            });
  }

  @Test
  void columnsAreCodePoints() {
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse("RETRIEVE items CURSOR \"😀😀\" LIMTI 5"))
        .satisfies(
            e -> {
              assertThat(e.column()).isEqualTo(28);
              assertThat(e.offset()).isEqualTo(29);
              assertThat(e.getMessage().lines().toList().get(2)).hasSize(28);
            });
  }

  @Test
  void bounds() {
    var deep = "RETRIEVE items FILTER " + "(".repeat(64) + "seen" + ")".repeat(64);
    assertThat(TidalQl.parse("RETRIEVE items FILTER " + "NOT ".repeat(63) + "seen")).isNotNull();
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(deep))
        .withMessageContaining("nested deeper than 64 levels")
        .satisfies(e -> assertThat(e.offset()).isEqualTo(deep.indexOf("seen")));
    var full = "RETRIEVE items -- " + "é".repeat((65_536 - 18) / 2);
    assertThat(TidalQl.parse(full)).isNotNull();
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(full + "x"))
        .withMessageContaining("longer than 65536 bytes")
        .satisfies(e -> assertThat(e.offset()).isEqualTo(full.length()));
    var vector = "SEARCH items VECTOR [0" + ",0".repeat(4_095);
    assertThat(TidalQl.parse(vector + "]")).isNotNull();
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse(vector + ",0]"))
        .withMessageContaining("limit=4096");
    assertThatExceptionOfType(QuerySyntaxException.class)
        .isThrownBy(() -> TidalQl.parse("SEARCH items VECTOR $v", Map.of("v", new float[4_097])))
        .withMessageContaining("limit=4096");
  }
}
