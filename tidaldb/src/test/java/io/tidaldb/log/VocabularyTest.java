package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.disk.Digest;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VocabularyTest {

  private final Vocabulary vocabulary = new Vocabulary();

  @Test
  void withoutASchemaItIsEmpty() {
    assertThat(vocabulary.canonical()).isEmpty();
    assertThat(vocabulary.ids()).isEmpty();
    assertThat(vocabulary.freeze(true).count()).isZero();
  }

  @Test
  void theNewestSchemaHolds() {
    vocabulary.apply(1, schema("one"));
    vocabulary.apply(2, schema("two"));
    assertThat(vocabulary.canonical()).contains("two");
    assertThat(vocabulary.ids()).containsEntry("view", 0);
    assertThat(vocabulary.fingerprint())
        .isEqualTo(Digest.of("two".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void itIsRestoredFromItsPage() {
    vocabulary.apply(1, schema("one"));
    var frozen = vocabulary.freeze(false);
    vocabulary.apply(2, schema("two"));
    var restored = new Vocabulary();
    frozen.forEach(restored::load);
    restored.loaded(1);
    assertThat(restored.canonical()).contains("one");
    assertThat(restored.loadedPosition()).isEqualTo(1);
    assertThat(restored.freeze(false).count()).isZero();
    frozen.committed();
    assertThat(vocabulary.freeze(false).count()).isEqualTo(1);
  }

  @Test
  void anAbandonedPageIsSavedAgain() {
    vocabulary.apply(1, schema("one"));
    vocabulary.freeze(false).abandoned();
    assertThat(vocabulary.freeze(false).count()).isEqualTo(1);
  }

  @Test
  void aPageThatIsNoneIsRefused() {
    assertThatThrownBy(() -> vocabulary.load(new PageView.PageKey(0, 0, 0), new byte[30]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Event schema(String canonical) {
    var ids = new TreeMap<String, Integer>();
    ids.put("view", 0);
    return new Event.SchemaChanged(1, canonical, ids);
  }
}
