package io.tidaldb.relation;

import io.tidaldb.log.Event;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import java.util.Arrays;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Which signal type has which meaning. Immutable. As text: `type label`, parted by commas.
final class Meanings {

  static final Meanings NONE = new Meanings(new Meaning[0]);

  private final @Nullable Meaning[] byType;

  private Meanings(@Nullable Meaning[] byType) {
    this.byType = byType;
  }

  /// What a schema says.
  static Meanings of(Event.SchemaChanged changed) {
    var schema = Schema.parse(changed.canonical()).withIds(changed.ids());
    var known = NONE;
    for (var meaning : Meaning.values()) {
      var type = schema.signal(meaning);
      if (type.isPresent()) {
        known = known.with(type.get().id().value(), meaning);
      }
    }
    return known;
  }

  /// What [#text] said.
  ///
  /// @throws IllegalArgumentException if it is no such text
  static Meanings parse(String text) {
    var known = NONE;
    for (var pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int space = pair.indexOf(' ');
      var meaning = Meaning.ofLabel(pair.substring(space + 1));
      if (space < 1 || meaning.isEmpty()) {
        throw new IllegalArgumentException("not a type and its meaning: text=" + pair);
      }
      known = known.with(Integer.parseInt(pair.substring(0, space)), meaning.get());
    }
    return known;
  }

  private Meanings with(int type, Meaning meaning) {
    var more = Arrays.copyOf(byType, Math.max(byType.length, type + 1));
    more[type] = meaning;
    return new Meanings(more);
  }

  /// What a type means, or null.
  @Nullable Meaning of(int type) {
    return type < byType.length ? byType[type] : null;
  }

  String text() {
    var text = new StringJoiner(",");
    for (int type = 0; type < byType.length; type++) {
      var meaning = byType[type];
      if (meaning != null) {
        text.add(type + " " + meaning.label());
      }
    }
    return text.toString();
  }
}
