package io.tidaldb.cohort;

import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;

/// One attribute of a user as predicates ask for it.
sealed interface Mark {

  /// The name of the field.
  String field();

  /// A keyword, one of several tags, an id in decimal, a boolean. Each is one object, shared by all
  /// users that have it, so it is compared by reference.
  final class Word implements Mark {
    private final String field;
    private final String text;

    Word(String field, String text) {
      this.field = field;
      this.text = text;
    }

    @Override
    public String field() {
      return field;
    }

    String text() {
      return text;
    }

    @Override
    public String toString() {
      return field + "=" + text;
    }
  }

  /// A number; durations in seconds.
  record Quantity(String field, double value) implements Mark {}

  /// A moment.
  record Moment(String field, long nanos) implements Mark {}

  /// The marks of one user.
  ///
  /// ```
  /// marks:  count varint | { kind u8 | field | keyword, f64 or i64 } …
  /// ```
  final class ListCodec implements PerSlot.Codec<Mark[]> {

    private static final int WORD = 1;
    private static final int QUANTITY = 2;
    private static final int MOMENT = 3;
    private static final int MARKS_MAX = 1 << 16;

    private final Words words;

    ListCodec(Words words) {
      this.words = words;
    }

    @Override
    public void write(PageWriter out, Mark[] marks) {
      out.varint(marks.length);
      for (var mark : marks) {
        switch (mark) {
          case Word word -> out.u8(WORD).text(word.field).text(word.text);
          case Quantity(var field, var value) -> out.u8(QUANTITY).text(field).f64(value);
          case Moment(var field, var nanos) -> out.u8(MOMENT).text(field).i64(nanos);
        }
      }
    }

    @Override
    public Mark[] read(PageSource in) {
      var marks = new Mark[in.count(MARKS_MAX)];
      for (int i = 0; i < marks.length; i++) {
        int kind = in.u8();
        var field = words.name(in.text());
        marks[i] =
            switch (kind) {
              case WORD -> words.word(field, in.text());
              case QUANTITY -> new Quantity(field, in.f64());
              case MOMENT -> new Moment(field, in.i64());
              default -> throw new IllegalArgumentException("mark not known: kind=" + kind);
            };
      }
      return marks;
    }
  }
}
