package io.tidaldb.cohort;

import io.tidaldb.ledger.FrozenLedgers;
import io.tidaldb.ledger.PageSource;
import io.tidaldb.ledger.PageWriter;
import io.tidaldb.log.Event.SignalRecorded;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.SignalType;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the cohort view knows of users, for predicates: their attributes, what they did, when they
/// began, what they like. And of items what likes are counted by.
///
/// **Threads.** One writer, any number of readers, see [PerSlot] and [Activity].
final class Users {

  private static final int MARKS = 5;
  private static final int FIRSTS = 6;
  private static final int TASTES = 7;
  private static final int ITEMS = 8;
  private static final Mark.Word[] NO_WORDS = {};

  /// When a user's first event was.
  private static final PerSlot.Codec<Long> TIME =
      new PerSlot.Codec<>() {
        @Override
        public void write(PageWriter out, Long time) {
          out.i64(time);
        }

        @Override
        public Long read(PageSource in) {
          return in.i64();
        }
      };

  final Words words = new Words();
  final PerSlot<Mark[]> marks = new PerSlot<>(MARKS, new Mark.ListCodec(words));
  final PerSlot<Long> firsts = new PerSlot<>(FIRSTS, TIME);
  final PerSlot<Taste> tastes = new PerSlot<>(TASTES, Taste.CODEC);
  final Activity activity;

  private final Slots slots;
  private final PerSlot<Mark[]> items = new PerSlot<>(ITEMS, new Mark.ListCodec(words));
  private final Map<List<Mark>, Mark[]> sharedItems = new HashMap<>();
  private List<String> interestFields = List.of();

  Users(Slots slots) {
    this.slots = slots;
    activity = new Activity(slots);
  }

  /// These are the types and the fields of interest from here on. Writer.
  void declare(Collection<SignalType> types, List<String> interests) {
    activity.declare(types);
    interestFields = List.copyOf(interests);
  }

  /// These are the fields of interest that were saved. Writer.
  void interests(List<String> fields) {
    interestFields = List.copyOf(fields);
  }

  /// A user has these attributes. Writer.
  Mark[] wrote(int user, Metadata metadata) {
    var now = words.marks(metadata);
    marks.set(user, now);
    return now;
  }

  /// Some numbers of a user changed. Writer.
  Mark[] wrote(int user, MetadataChanges changes) {
    var now = new ArrayList<Mark>(List.of(words.marks(Metadata.of(changes.set()))));
    var before = marks.get(user);
    for (var mark : before == null ? NO_WORDS : before) {
      if (!changes.numeric().contains(mark.field())) {
        now.add(mark);
      }
    }
    now.sort(Comparator.comparing(Mark::field));
    var all = now.toArray(new Mark[0]);
    marks.set(user, all);
    return all;
  }

  /// An item has this metadata. Writer.
  void wroteItem(int item, Metadata metadata) {
    var of = new ArrayList<Mark>();
    for (var mark : words.marks(metadata)) {
      if (interestFields.contains(mark.field()) && mark instanceof Mark.Word) {
        of.add(mark);
      }
    }
    items.set(
        item,
        of.isEmpty()
            ? null
            : sharedItems.computeIfAbsent(List.copyOf(of), list -> list.toArray(new Mark[0])));
  }

  /// Forgets an item. Writer.
  void forgetItem(int item) {
    items.set(item, null);
  }

  /// A user did something. Writer.
  ///
  /// @return whether it counts as activity
  boolean did(int user, SignalType type, SignalRecorded signal, long newest) {
    if (!activity.record(user, signal.type(), signal.time(), newest)) {
      return false;
    }
    var first = firsts.get(user);
    if (first == null || signal.time() < first) {
      firsts.set(user, signal.time());
    }
    if (signal.kind() == EntityKind.ITEM
        && type.meaning().filter(m -> m.isPositive(signal.weight())).isPresent()) {
      var before = tastes.get(user);
      var item = items.get(slots.slot(EntityKind.ITEM, signal.entity()));
      var liked = item == null ? NO_WORDS : wordsOf(item);
      tastes.set(user, (before == null ? Taste.NONE : before).with(signal.time(), liked));
    }
    return true;
  }

  private static Mark.Word[] wordsOf(Mark[] marks) {
    var found = new Mark.Word[marks.length];
    for (int i = 0; i < marks.length; i++) {
      found[i] = (Mark.Word) marks[i];
    }
    return found;
  }

  /// Forgets a user. Writer.
  void forget(int user) {
    marks.set(user, null);
    firsts.set(user, null);
    tastes.set(user, null);
    activity.forget(user);
  }

  /// How much is known of a user: attributes, and types of what was done.
  long count(int user) {
    var own = marks.get(user);
    return (own == null ? 0 : Math.max(1, own.length)) + activity.count(user);
  }

  /// Bytes of the arrays of activity.
  long bytes() {
    return activity.bytes();
  }

  /* --- pages --- */

  /// Adds what changed; the frozen activity is given back for its outcome.
  ///
  /// @param undo takes what gives the pages back if the freeze fails
  FrozenLedgers freeze(
      boolean all, long newest, Map<PageKey, Supplier<byte[]>> pages, List<Runnable> undo) {
    undo.add(marks.freeze(all, pages));
    undo.add(firsts.freeze(all, pages));
    undo.add(tastes.freeze(all, pages));
    undo.add(items.freeze(all, pages));
    return activity.freeze(all, newest);
  }

  /// Loads a page if it is one of these.
  boolean load(PageKey key, byte[] content) {
    switch (key.column()) {
      case Activity.COLUMN, Activity.COLUMN + 1 -> activity.load(key, content);
      case MARKS -> marks.load(key, content);
      case FIRSTS -> firsts.load(key, content);
      case TASTES -> tastes.load(key, content);
      case ITEMS -> loadItems(key, content);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void loadItems(PageKey key, byte[] content) {
    items.load(key, content);
    int first = (int) key.page() << 6;
    for (int item = first; item < first + 64; item++) {
      var own = items.get(item);
      for (int i = 0; own != null && i < own.length; i++) {
        if (!(own[i] instanceof Mark.Word)) {
          throw new IllegalArgumentException("not a keyword of an item: key=" + key);
        }
      }
    }
  }

  void clear() {
    marks.clear();
    firsts.clear();
    tastes.clear();
    items.clear();
    sharedItems.clear();
    activity.clear();
    interestFields = List.of();
  }

  /* --- checking --- */

  void digest(StateSink sink, long newest) {
    marks.forEach(
        (user, own) -> {
          var entry = sink.entry("cohort-user", userName(user));
          for (var mark : own) {
            switch (mark) {
              case Mark.Word word -> entry.value(word.field(), word.text());
              case Mark.Quantity(var field, var value) -> entry.value(field, value);
              case Mark.Moment(var field, var nanos) -> entry.value(field, nanos);
            }
          }
        });
    firsts.forEach(
        (user, first) -> sink.entry("cohort-first", userName(user)).value("time", first));
    tastes.forEach((user, taste) -> digest(sink, user, taste));
    items.forEach(
        (item, own) -> {
          var id = Long.toUnsignedString(slots.id(EntityKind.ITEM, item));
          var entry = sink.entry("cohort-item", id);
          for (var mark : own) {
            entry.value("interest", mark.toString());
          }
        });
    activity.digest(sink, newest);
  }

  private void digest(StateSink sink, int user, Taste taste) {
    var entry =
        sink.entry("cohort-taste", userName(user))
            .value("positives", taste.positives())
            .value("landmark", taste.landmark())
            .value("total", taste.total());
    for (int i = 0; i < taste.fields().length; i++) {
      entry.value(taste.fields()[i], taste.values()[i]).value("sum", taste.sums()[i]);
    }
  }

  private String userName(int user) {
    return Long.toUnsignedString(slots.id(EntityKind.USER, user));
  }
}
