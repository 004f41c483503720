package io.tidaldb.ledger;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SignalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The ledgers of all live types, by id, and the derived ledger of first views. Immutable: a
/// changed schema makes a new one; readers keep the one they took.
public final class Ledgers {

  /// The page type, and the reader's type id, of first views. Ids of signal types stay below 4,096.
  public static final int REACH = 0xFFFF;

  public static final Ledgers EMPTY = new Ledgers(List.of(), null);

  private final @Nullable Ledger[] byId;
  private final List<Ledger> all;
  private final @Nullable Ledger reach;

  /// @param declared ledgers of signal types
  /// @param reach ledger of first views, null if no type means *view*
  public Ledgers(List<Ledger> declared, @Nullable Ledger reach) {
    int length = declared.stream().mapToInt(l -> l.type().id().value() + 1).max().orElse(0);
    byId = new Ledger[length];
    for (var ledger : declared) {
      byId[ledger.type().id().value()] = ledger;
    }
    this.reach = reach;
    var list = new ArrayList<Ledger>();
    for (var ledger : byId) {
      if (ledger != null) {
        list.add(ledger);
      }
    }
    if (reach != null) {
      list.add(reach);
    }
    all = List.copyOf(list);
  }

  /// The ledgers of types on one kind of entity, whoever keeps them; a type is kept once.
  public static Ledgers ofKind(EntityKind kind, List<Ledgers> kept) {
    var declared = new ArrayList<Ledger>();
    @Nullable Ledger reach = null;
    for (var ledgers : kept) {
      for (var ledger : ledgers.all()) {
        if (ledger.type().target() != kind) {
          continue;
        }
        if (ledger.isReach()) {
          reach = ledger;
        } else {
          declared.add(ledger);
        }
      }
    }
    return new Ledgers(declared, reach);
  }

  /// The ledger of a type id or of [#REACH], or null.
  public @Nullable Ledger get(int type) {
    if (type >= 0 && type < byId.length) {
      return byId[type];
    }
    return type == REACH ? reach : null;
  }

  /// One more than the greatest type id.
  public int length() {
    return byId.length;
  }

  public @Nullable Ledger reach() {
    return reach;
  }

  /// Every ledger in order of id, first views last.
  public List<Ledger> all() {
    return all;
  }

  /// The number that stands for a ledger in page keys.
  public static int pageType(Ledger ledger) {
    return ledger.isReach() ? REACH : ledger.type().id().value();
  }

  /// The declared types in order of id.
  public List<SignalType> types() {
    return all.stream().filter(l -> !l.isReach()).map(Ledger::type).toList();
  }

  /// The type that has a meaning.
  public Optional<SignalType> type(Meaning meaning) {
    return types().stream().filter(t -> t.meaning().equals(Optional.of(meaning))).findFirst();
  }
}
