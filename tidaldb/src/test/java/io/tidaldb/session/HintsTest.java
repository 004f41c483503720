package io.tidaldb.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidaldb.schema.EntityKind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HintsTest {

  private static Note note(String text) {
    return new Note(1, 1, false, EntityKind.ITEM, 0, -1, text);
  }

  private static Hints hints(String... texts) {
    var notes = java.util.Arrays.stream(texts).map(HintsTest::note).toArray(Note[]::new);
    return new Hints(notes, notes.length);
  }

  @Test
  void wordsAreLettersAndDigitsInLowerCase() {
    assertThat(Hints.of("Good recommendation")).containsExactly("good", "recommendation");
    assertThat(Hints.of("drum-and-bass, 90s/2000s_remix"))
        .containsExactly("drum", "bass", "90s", "2000s", "remix");
    assertThat(Hints.of("ÉCLAIR \uff2a\uff41\uff5a\uff5a \ufb01lm"))
        .containsExactly("éclair", "jazz", "film");
    assertThat(Hints.of("日本 \ud835\udc00\ud835\udc01")).containsExactly("日本", "ab");
    assertThat(Hints.of("")).isEmpty();
  }

  @Test
  void wordsHaveTwoToThirtyTwoCharacters() {
    assertThat(Hints.of("x xy " + "z".repeat(32) + " " + "z".repeat(33)))
        .containsExactly("xy", "z".repeat(32));
    assertThat(Hints.of("𐐨 𐐨𐐩")).containsExactly("𐐨𐐩");
  }

  @Test
  void stopWordsSayNothing() {
    assertThat(Hints.of("I want more of the slow songs, please")).containsExactly("slow", "songs");
  }

  @Test
  void whatFollowsANegationIsLeftOutUpToTheEndOfTheClause() {
    assertThat(Hints.of("less jazz")).isEmpty();
    assertThat(Hints.of("no jazz and blues, rock")).containsExactly("rock");
    assertThat(Hints.of("rock without long solos. Punk")).containsExactly("rock", "punk");
    assertThat(Hints.of("avoid horror\ncomedy")).containsExactly("comedy");
    assertThat(Hints.of("not jazz but rock")).containsExactly("rock");
    assertThat(Hints.of("NOT jazz! soul")).containsExactly("soul");
    assertThat(Hints.of("knot jazz")).containsExactly("knot", "jazz");
  }

  @Test
  void theNewestAnnotationComesFirstAndEachWordOnce() {
    assertThat(hints("rock jazz", "jazz soul").words()).containsExactly("jazz", "soul", "rock");
  }

  @Test
  void onlyTheLatestThirtyTwoAnnotationsAndTwoHundredFiftySixWordsCount() {
    var texts = IntStream.range(0, 40).mapToObj(i -> "word" + i).toArray(String[]::new);
    assertThat(hints(texts).words()).hasSize(32).startsWith("word39").endsWith("word8");
    var long40 = IntStream.range(0, 300).mapToObj(i -> "w" + i + " ").reduce("", String::concat);
    assertThat(hints(long40).words()).hasSize(256).startsWith("w0").endsWith("w255");
  }
}
