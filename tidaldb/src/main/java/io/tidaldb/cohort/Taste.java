package io.tidaldb.cohort;

import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import java.time.Duration;
import java.util.Arrays;

/// Which values of items a user's positive signals went to: sums that fade with 30 days, per field
/// and value at most 64, and the sum of all. Immutable; shares do not depend on when they are read,
/// for everything fades alike.
///
/// ```
/// taste:  positives varint | landmark i64 | total f64 | values varint | { field | value | f64 } …
/// ```
@SuppressWarnings("ArrayRecordComponent")
record Taste(
    long positives, long landmark, double total, String[] fields, String[] values, double[] sums) {

  /// Positive signals from which shares are told.
  private static final int POSITIVES_MIN = 5;

  private static final int VALUES_MAX = 64;
  private static final ForwardDecay DECAY = new ForwardDecay(Duration.ofDays(30).toNanos());

  static final Taste NONE = new Taste(0, 0, 0, new String[0], new String[0], new double[0]);

  /// The taste after one more positive signal.
  ///
  /// @param words what the item has in the fields of interest
  Taste with(long time, Mark.Word[] words) {
    long index = DECAY.index(time);
    long base = positives == 0 ? index : Math.max(landmark, index - ForwardDecay.AHEAD_MAX);
    double[] scaled = sums.clone();
    double all = total;
    if (base != landmark && positives > 0) {
      all = ForwardDecay.rebased(all, base - landmark);
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = ForwardDecay.rebased(scaled[i], base - landmark);
      }
    }
    long ahead = index - base;
    double term = ahead < -ForwardDecay.BEHIND_MAX ? 0 : DECAY.term(time, 1, (int) ahead);
    var next = new Taste(positives + 1, base, all + term, fields, values, scaled);
    for (var word : words) {
      next = next.plus(word, term);
    }
    return next;
  }

  private Taste plus(Mark.Word word, double term) {
    int inField = 0;
    int least = -1;
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].equals(word.field())) {
        if (values[i].equals(word.text())) {
          double[] more = sums.clone();
          more[i] += term;
          return new Taste(positives, landmark, total, fields, values, more);
        }
        inField++;
        least = least < 0 || isLess(i, least) ? i : least;
      }
    }
    // The weakest of a full field makes room.
    int at = inField < VALUES_MAX ? fields.length : least;
    int length = Math.max(fields.length, at + 1);
    var moreFields = Arrays.copyOf(fields, length);
    var moreValues = Arrays.copyOf(values, length);
    double[] moreSums = Arrays.copyOf(sums, length);
    moreFields[at] = word.field();
    moreValues[at] = word.text();
    moreSums[at] = term;
    return new Taste(positives, landmark, total, moreFields, moreValues, moreSums);
  }

  private boolean isLess(int i, int other) {
    return sums[i] < sums[other]
        || (sums[i] == sums[other] && values[i].compareTo(values[other]) > 0);
  }

  /// The share of a value; NaN until there are five positive signals.
  double share(String field, String value) {
    if (positives < POSITIVES_MIN || total <= 0) {
      return Double.NaN;
    }
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].equals(field) && values[i].equals(value)) {
        return sums[i] / total;
      }
    }
    return 0;
  }

  /// The saved form.
  static final PerSlot.Codec<Taste> CODEC =
      new PerSlot.Codec<>() {
        @Override
        public void write(PageWriter out, Taste taste) {
          out.varint(taste.positives)
              .i64(taste.landmark)
              .f64(taste.total)
              .varint(taste.fields.length);
          for (int i = 0; i < taste.fields.length; i++) {
            out.text(taste.fields[i]).text(taste.values[i]).f64(taste.sums[i]);
          }
        }

        @Override
        public Taste read(PageSource in) {
          long positives = in.varint();
          long landmark = in.i64();
          double total = in.f64();
          int size = in.count(1 << 10);
          var fields = new String[size];
          var values = new String[size];
          double[] sums = new double[size];
          for (int i = 0; i < size; i++) {
            fields[i] = in.text();
            values[i] = in.text();
            sums[i] = in.f64();
          }
          return new Taste(positives, landmark, total, fields, values, sums);
        }
      };
}
