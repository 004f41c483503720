package io.tidaldb.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The differences between a stored schema and a given one that stored state cannot follow.
final class SchemaComparison {

  private final Schema stored;
  private final Schema given;
  private final List<SchemaDifference> found = new ArrayList<>();

  SchemaComparison(Schema stored, Schema given) {
    this.stored = stored;
    this.given = given;
  }

  List<SchemaDifference> differences() {
    for (var kind : EntityKind.values()) {
      stored.fields(kind).stream().filter(f -> !f.builtIn()).forEach(this::compareField);
      given.fields(kind).stream()
          .filter(f -> !f.builtIn())
          .forEach(f -> checkRetired(path(f), f.name()));
    }
    stored.signals().forEach(this::compareSignal);
    given.signals().forEach(t -> checkRetired("signal." + t.name(), t.name()));
    stored.embeddingSlots().forEach(this::compareEmbedding);
    given.embeddingSlots().forEach(slot -> checkRetired(path(slot), slot.name()));
    return found;
  }

  private void checkRetired(String path, String name) {
    if (stored.retired().contains(name)) {
      found.add(
          new SchemaDifference(path, "retired", "declared", "choose a name that was never used"));
    }
  }

  private void compareField(Field before) {
    if (given.retired().contains(before.name())) {
      return;
    }
    var path = path(before);
    var after = given.field(before.kind(), before.name()).orElse(null);
    if (after == null || (after.builtIn() && after.type() == FieldType.PLAIN)) {
      missing(path, describe(before));
      return;
    }
    differs(path + ".type", before.type(), after.type(), "keep the type, or use a new name");
    if (before.searched() && !after.searched()) {
      found.add(
          new SchemaDifference(
              path + ".searched", "true", "false", "declare it with textField again"));
    }
  }

  private void compareSignal(SignalType before) {
    if (given.retired().contains(before.name())) {
      return;
    }
    var path = "signal." + before.name();
    var after = given.signal(before.name()).orElse(null);
    if (after == null) {
      missing(path, before.decay().toString());
      return;
    }
    var advice = "keep it, or declare a signal with a new name and retire this one";
    differs(path + ".target", before.target(), after.target(), advice);
    differs(path + ".decay", before.decay(), after.decay(), advice);
    differs(path + ".signedWeights", before.signedWeights(), after.signedWeights(), advice);
    compareWindows(path + ".windows", before, after);
  }

  private void compareEmbedding(EmbeddingSlot before) {
    if (given.retired().contains(before.name())) {
      return;
    }
    var path = path(before);
    var after = given.embeddingSlot(before.kind(), before.name()).orElse(null);
    if (after == null) {
      missing(path, before.dimensions() + " " + before.metric().label());
      return;
    }
    var advice = "keep it, or declare a slot with a new name and retire this one";
    differs(path + ".dimensions", before.dimensions(), after.dimensions(), advice);
    differs(path + ".metric", before.metric(), after.metric(), advice);
  }

  private static String path(EmbeddingSlot slot) {
    return "embedding." + slot.kind().name().toLowerCase(Locale.ROOT) + "." + slot.name();
  }

  private void compareWindows(String path, SignalType before, SignalType after) {
    var longest = before.longestFiniteWindow();
    for (var window : after.windows()) {
      boolean kept = before.windows().contains(window);
      boolean covered =
          window.isFinite() && longest.isPresent() && window.compareTo(longest.get()) <= 0;
      if (!kept && !covered) {
        found.add(
            new SchemaDifference(
                path,
                before.windows().toString(),
                window.toString(),
                "the store has not kept what this window counts; declare a signal with a new"
                    + " name"));
      }
    }
  }

  private void missing(String path, String before) {
    found.add(
        new SchemaDifference(path, before, "missing", "declare it again, or retire the name"));
  }

  private void differs(
      String path, @Nullable Object before, @Nullable Object after, String advice) {
    if (!Objects.equals(before, after)) {
      found.add(new SchemaDifference(path, String.valueOf(before), String.valueOf(after), advice));
    }
  }

  private static String path(Field field) {
    return "field." + field.kind().name().toLowerCase(Locale.ROOT) + "." + field.name();
  }

  private static String describe(Field field) {
    return field.type() + (field.searched() ? " (searched)" : "");
  }
}
