package io.tidaldb.ledger;

import io.tidaldb.schema.Decay;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.SignalTypeId;
import io.tidaldb.schema.Window;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;

/// The saved form of what is not per slot: types, landmarks, totals, the newest event time.
///
/// ```
/// header:  version u8 | newest i64 | types varint | { ledger } … | reach u8 | ledger if reach = 1
/// ledger:  id varint | name | kind u8 | decay u8 | nanos varint | windows varint | { label } … |
///          flags u8 | meaning's label | landmark i64 | base day + 1 varint | total pair
/// ```
public final class HeaderCodec {

  private static final int EXPONENTIAL = 1;
  private static final int LINEAR = 2;
  private static final int PERMANENT = 3;
  private static final int VELOCITY = 1;
  private static final int SIGNED = 2;
  private static final int TYPES_MAX = 4096;

  private final PairCodec pairs = new PairCodec();

  /// Makes a ledger for a saved type.
  public interface LedgerSource {
    Ledger ledger(SignalType type, boolean reach);
  }

  /// Takes what was read.
  public interface HeaderSink {
    void header(Ledgers ledgers, long newest);
  }

  public byte[] encode(Ledgers ledgers, long newest) {
    var out = PairCodec.page().i64(newest).varint(ledgers.types().size());
    for (var ledger : ledgers.all()) {
      if (!ledger.isReach()) {
        ledger(out, ledger, newest);
      }
    }
    var reach = ledgers.reach();
    out.u8(reach == null ? 0 : 1);
    if (reach != null) {
      ledger(out, reach, newest);
    }
    return out.toBytes();
  }

  public void decode(byte[] content, LedgerSource source, HeaderSink sink) {
    var in = new PageSource(content);
    PairCodec.version(in);
    long newest = in.i64();
    int types = in.count(TYPES_MAX);
    var declared = new java.util.ArrayList<Ledger>();
    for (int i = 0; i < types; i++) {
      declared.add(readLedger(in, source, false));
    }
    var reach = in.u8() == 1 ? readLedger(in, source, true) : null;
    in.end();
    if (newest < 0) {
      throw new IllegalArgumentException("newest event time not valid: nanos=" + newest);
    }
    sink.header(new Ledgers(declared, reach), newest);
  }

  private void ledger(PageWriter out, Ledger ledger, long newest) {
    type(out, ledger.type());
    var scores = ledger.scores();
    out.i64(scores == null ? ForwardDecay.NONE : scores.scoresAcquire().landmark());
    pairs.encodeTotal(out, ledger, newest);
  }

  private Ledger readLedger(PageSource in, LedgerSource source, boolean reach) {
    var ledger = source.ledger(readType(in), reach);
    long landmark = in.i64();
    var scores = ledger.scores();
    if (scores != null) {
      scores.start(landmark);
    }
    pairs.decodeTotal(in, ledger);
    return ledger;
  }

  private static void type(PageWriter out, SignalType type) {
    out.varint(type.id().value()).text(type.name()).u8(type.target().code());
    switch (type.decay()) {
      case Decay.Exponential e -> out.u8(EXPONENTIAL).varint(e.halfLife().toNanos());
      case Decay.Linear l -> out.u8(LINEAR).varint(l.lifetime().toNanos());
      case Decay.Permanent _ -> out.u8(PERMANENT).varint(0);
    }
    out.varint(type.windows().size());
    type.windows().forEach(window -> out.text(window.label()));
    out.u8((type.velocity() ? VELOCITY : 0) | (type.signedWeights() ? SIGNED : 0));
    out.text(type.meaning().map(Meaning::label).orElse(""));
  }

  private static SignalType readType(PageSource in) {
    var id = SignalTypeId.of(in.count(TYPES_MAX - 1));
    String name = in.text();
    var kind = EntityKind.ofCode(in.u8());
    int code = in.u8();
    long nanos = in.varint();
    if (code != PERMANENT && nanos <= 0) {
      throw new IllegalArgumentException("decay not valid: signal=" + name + " nanos=" + nanos);
    }
    var decay =
        switch (code) {
          case EXPONENTIAL -> Decay.exponential(Duration.ofNanos(nanos));
          case LINEAR -> Decay.linear(Duration.ofNanos(nanos));
          case PERMANENT -> Decay.permanent();
          default ->
              throw new IllegalArgumentException(
                  "decay not known: signal=" + name + " code=" + code);
        };
    var windows = EnumSet.noneOf(Window.class);
    for (int i = in.count(Window.values().length); i > 0; i--) {
      String label = in.text();
      windows.add(
          Window.ofLabel(label)
              .orElseThrow(() -> new IllegalArgumentException("window not known: label=" + label)));
    }
    int flags = in.u8();
    var meaning = meaning(in.text());
    return new SignalType(
        name, id, kind, decay, windows, (flags & VELOCITY) != 0, (flags & SIGNED) != 0, meaning);
  }

  private static Optional<Meaning> meaning(String label) {
    if (label.isEmpty()) {
      return Optional.empty();
    }
    for (var meaning : Meaning.values()) {
      if (meaning.label().equals(label)) {
        return Optional.of(meaning);
      }
    }
    throw new IllegalArgumentException("meaning not known: label=" + label);
  }
}
