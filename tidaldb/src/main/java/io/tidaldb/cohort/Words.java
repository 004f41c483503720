package io.tidaldb.cohort;

import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Predicate;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Every name of a field and every keyword once, so that they are compared by reference.
///
/// **Threads.** Any.
final class Words {

  private static final Mark[] NONE = {};

  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Mark.Word>> byField = new ConcurrentHashMap<>();

  /// The one string that stands for a name.
  String name(String name) {
    return names.computeIfAbsent(name, own -> own);
  }

  /// The one word of a field, already in the form in which it is compared.
  Mark.Word word(String field, String text) {
    var known = byField.computeIfAbsent(name(field), own -> new ConcurrentHashMap<>());
    return known.computeIfAbsent(text, own -> new Mark.Word(name(field), own));
  }

  /// What predicates can ask of metadata.
  Mark[] marks(Metadata metadata) {
    if (metadata.values().isEmpty()) {
      return NONE;
    }
    var marks = new ArrayList<Mark>();
    metadata
        .values()
        .forEach(
            (key, value) -> {
              var field = name(key);
              switch (value) {
                case MetadataValue.Text(var type, var text) -> {
                  if (type == io.tidaldb.schema.FieldType.KEYWORD) {
                    marks.add(word(field, Predicate.keyword(text)));
                  }
                }
                case MetadataValue.Tags(var keywords) ->
                    keywords.forEach(tag -> marks.add(word(field, Predicate.keyword(tag))));
                case MetadataValue.Flag(var flag) -> marks.add(word(field, Boolean.toString(flag)));
                case MetadataValue.Id(var id) -> marks.add(word(field, id.toString()));
                case MetadataValue.Whole(var whole) ->
                    marks.add(new Mark.Quantity(field, (double) whole));
                case MetadataValue.Real(var real) -> marks.add(new Mark.Quantity(field, real));
                case MetadataValue.Span span -> marks.add(new Mark.Quantity(field, span.seconds()));
                case MetadataValue.Moment(var moment) ->
                    marks.add(new Mark.Moment(field, moment.nanos()));
              }
            });
    return marks.toArray(NONE);
  }
}
