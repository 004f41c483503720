package io.tidaldb.cohort;

import io.tidaldb.ledger.Ledger;
import io.tidaldb.ledger.Ledgers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cells of all live types, by id, and those of first views. Immutable: a changed schema makes
/// a new one; readers keep the one they took.
final class CellTypes {

  static final CellTypes EMPTY = new CellTypes(List.of(), null);

  private final @Nullable Cells[] byId;
  private final @Nullable Cells reach;
  private final List<Cells> all;
  private final Ledgers ledgers;

  CellTypes(List<Cells> declared, @Nullable Cells reach) {
    int length =
        declared.stream().mapToInt(c -> c.ledger().type().id().value() + 1).max().orElse(0);
    byId = new Cells[length];
    declared.forEach(cells -> byId[cells.ledger().type().id().value()] = cells);
    this.reach = reach;
    var list = new ArrayList<Cells>();
    for (var cells : byId) {
      if (cells != null) {
        list.add(cells);
      }
    }
    List<Ledger> plain = list.stream().map(Cells::ledger).toList();
    if (reach != null) {
      list.add(reach);
    }
    all = List.copyOf(list);
    ledgers = new Ledgers(plain, reach == null ? null : reach.ledger());
  }

  /// The cells of a type id or of [Ledgers#REACH], or null.
  @Nullable Cells get(int type) {
    if (type >= 0 && type < byId.length) {
      return byId[type];
    }
    return type == Ledgers.REACH ? reach : null;
  }

  @Nullable Cells reach() {
    return reach;
  }

  /// In order of id, first views last.
  List<Cells> all() {
    return all;
  }

  /// The ledgers whose slots are cells.
  Ledgers ledgers() {
    return ledgers;
  }
}
