package io.tidaldb.tidalql;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A value of a query, written in the text or given as a parameter.
sealed interface Value {

  /// What it is, for a message.
  String what();

  /// @param text a string
  record Text(String text) implements Value {
    @Override
    public String what() {
      return "a string";
    }
  }

  /// A number.
  ///
  /// @param number as a number
  /// @param id as an id: whole and 0 … 2^64-1; a negative `long` of a program counts as unsigned
  /// @param whole as a whole number, if it is one that a `long` holds
  /// @param below whether it is below 0 and so an id only where nothing else can stand
  record Numeral(double number, Optional<EntityId> id, Optional<Long> whole, boolean below)
      implements Value {
    @Override
    public String what() {
      return "a number";
    }
  }

  /// @param id an id of a program
  record Id(EntityId id) implements Value {
    @Override
    public String what() {
      return "an id";
    }
  }

  /// @param span a span of time
  record Span(Duration span) implements Value {
    @Override
    public String what() {
      return "a span";
    }
  }

  /// @param truth a truth value
  record Truth(boolean truth) implements Value {
    @Override
    public String what() {
      return "true or false";
    }
  }

  /// @param time a moment of a program
  record Moment(Timestamp time) implements Value {
    @Override
    public String what() {
      return "a moment";
    }
  }

  /// @param values a list of a program
  record Many(List<Value> values) implements Value {
    @Override
    public String what() {
      return "a list";
    }
  }
}
