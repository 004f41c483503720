package io.tidaldb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {

  @TempDir private Path folder;

  @Test
  void quotesCommasAndLineEndsStandInCells() throws Exception {
    var rows =
        read(RowFormat.CSV, "a,b\r\n\"1,2\",\"he said \"\"no\"\"\"\r\n\"two\nlines\",\n\n,x\n");
    assertThat(rows).containsExactly("2 1,2|he said \"no\"", "3 two\nlines|null", "6 null|x");
  }

  @Test
  void aForgottenQuoteSpoilsOneRecord() throws Exception {
    var rows = read(RowFormat.CSV, "a,b\n1,2\n\"3,4\n5,6\n7,8\n");
    assertThat(rows).containsExactly("2 1|2", "3 bad: quote is not closed", "4 5|6", "5 7|8");
  }

  @Test
  void cellsMustFitTheColumns() throws Exception {
    assertThat(read(RowFormat.CSV, "a,b\n1\n\"1\"x,2\n1,2,3\n1,2"))
        .containsExactly(
            "2 bad: wrong number of cells: given=1 expected=2",
            "3 bad: text after a closing quote: cell=1",
            "4 bad: wrong number of cells: given=3 expected=2",
            "5 1|2");
  }

  @Test
  void tabsDivideWithoutQuotes() throws Exception {
    assertThat(read(RowFormat.TSV, "\uFEFFa\tb\n\"1\t2,3\n")).containsExactly("2 \"1|2,3");
  }

  @Test
  void objectsStandOnLines() throws Exception {
    assertThat(
            read(
                RowFormat.JSONL,
                """
                {"a": 1.50, "b": ["x", 2]}
                {"a": null, "b": true}

                {"a": 1
                [1]
                {"a": {"c": 1}, "b": ""}
                {"a": "é", "b": 12345678901234567890}
                """))
        .satisfiesExactly(
            row -> assertThat(row).isEqualTo("1 1.50|[x, 2]"),
            row -> assertThat(row).isEqualTo("2 null|true"),
            row -> assertThat(row).startsWith("4 bad: not JSON: column="),
            row -> assertThat(row).isEqualTo("5 bad: not a JSON object"),
            row -> assertThat(row).startsWith("6 bad: value is not a string, number or boolean"),
            row -> assertThat(row).isEqualTo("7 é|12345678901234567890"));
  }

  @Test
  void gzipIsSeenByItsBytes() throws Exception {
    var file = folder.resolve("zipped.csv");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(rows(file, RowFormat.CSV)).containsExactly("2 1|2");
  }

  @Test
  void aLineWithoutEndIsCut() throws Exception {
    var text = "{\"a\": \"" + "x".repeat(RowReader.RECORD_CHARACTERS_MAX) + "\"}\n{\"a\": 1}\n";
    assertThat(read(RowFormat.JSONL, text))
        .containsExactly("1 bad: record is too long: limit=1048576", "2 1|null");
  }

  @Test
  void anEmptyFileHasNoRows() throws Exception {
    assertThat(read(RowFormat.JSONL, "")).isEmpty();
  }

  @Test
  void aMissingFileOrColumnIsSaid() throws IOException {
    assertThatThrownBy(() -> RowReader.open(folder.resolve("none.csv"), RowFormat.CSV, Set.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("none.csv");
    var file = Files.writeString(folder.resolve("some.csv"), "id,rating\n");
    assertThatThrownBy(() -> RowReader.open(file, RowFormat.CSV, Set.of("id", "ratings")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("ratings")
        .hasMessageContaining("[id, rating]");
  }

  private List<String> read(RowFormat format, String text) throws IOException {
    return rows(Files.writeString(folder.resolve("rows"), text), format);
  }

  private static List<String> rows(Path file, RowFormat format) {
    var shown = new ArrayList<String>();
    try (var rows = RowReader.open(file, format, Set.of())) {
      while (true) {
        try {
          var row = rows.next();
          if (row == null) {
            return shown;
          }
          shown.add(row.line() + " " + row.value("a") + "|" + row.value("b"));
        } catch (BadRowException e) {
          shown.add(rows.line() + " bad: " + e.reason());
        }
      }
    }
  }
}
