package io.tidaldb.schema;

import java.time.Duration;
import java.util.List;

/// One typed value of an entity's metadata.
public sealed interface MetadataValue {

  /// The field type that this value has.
  FieldType type();

  /// Canonical text: what [Metadata#asStrings()] gives.
  String text();

  /// A keyword, a text, or the plain string of an undeclared key.
  ///
  /// @param type [FieldType#KEYWORD], [FieldType#TEXT] or [FieldType#PLAIN]
  /// @param text the string, exactly as given
  record Text(FieldType type, String text) implements MetadataValue {}

  /// @param keywords in the order given, without duplicates
  record Tags(List<String> keywords) implements MetadataValue {
    public Tags {
      keywords = List.copyOf(keywords);
    }

    @Override
    public FieldType type() {
      return FieldType.TAGS;
    }

    @Override
    public String text() {
      return String.join(",", keywords);
    }
  }

  /// @param value a whole number
  record Whole(long value) implements MetadataValue {
    @Override
    public FieldType type() {
      return FieldType.INTEGER;
    }

    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /// @param value a finite number
  record Real(double value) implements MetadataValue {
    @Override
    public FieldType type() {
      return FieldType.NUMBER;
    }

    @Override
    public String text() {
      return Double.toString(value);
    }
  }

  /// @param value a span of time
  record Span(Duration value) implements MetadataValue {

    /// The span in seconds, as it is queried.
    public double seconds() {
      return value.getSeconds() + value.getNano() * 1e-9;
    }

    @Override
    public FieldType type() {
      return FieldType.DURATION;
    }

    @Override
    public String text() {
      return value.toString();
    }
  }

  /// @param value a moment
  record Moment(Timestamp value) implements MetadataValue {
    @Override
    public FieldType type() {
      return FieldType.TIME;
    }

    @Override
    public String text() {
      return value.toString();
    }
  }

  /// @param value yes or no
  record Flag(boolean value) implements MetadataValue {
    @Override
    public FieldType type() {
      return FieldType.BOOLEAN;
    }

    @Override
    public String text() {
      return Boolean.toString(value);
    }
  }

  /// @param value an entity's id
  record Id(EntityId value) implements MetadataValue {
    @Override
    public FieldType type() {
      return FieldType.ID;
    }

    @Override
    public String text() {
      return value.toString();
    }
  }
}
