package io.tidaldb.log;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.MetadataChanges;
import io.tidaldb.schema.MetadataValue;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Events of every kind, in the form in which the log gives them back.
final class RandomEvents {

  private static final int TEXT_LENGTH_MAX = 12;

  private final RandomGenerator random;

  RandomEvents(RandomGenerator random) {
    this.random = random;
  }

  List<Event> frame(int eventsMax) {
    var events = new ArrayList<Event>();
    int count = 1 + random.nextInt(eventsMax);
    for (int i = 0; i < count; i++) {
      events.add(event());
    }
    return events;
  }

  Event event() {
    return switch (random.nextInt(17)) {
      case 0 -> new Event.Blank(time());
      case 1 -> signal();
      case 2 -> written();
      case 3 ->
          new Event.EntityDeleted(
              time(),
              random.nextBoolean() ? EntityKind.ITEM : EntityKind.CREATOR,
              random.nextLong(),
              key());
      case 4 -> new Event.ProfileSaved(time(), random.nextInt(1, 99), text(), text(), key());
      case 5 -> new Event.ProfileDropped(time(), random.nextInt(1, 99), text(), key());
      case 6 -> new Event.UserErased(time(), random.nextLong(), key());
      case 7 -> new RandomSurfaceEvents(random, this).relation();
      case 8 -> new RandomSurfaceEvents(random, this).cohort();
      case 9 -> new RandomSurfaceEvents(random, this).collection();
      case 11 -> embedding();
      case 10 -> new RandomSurfaceEvents(random, this).session();
      case 12 -> numbers();
      case 13 -> new RankingEvent.ExperimentSaved(time(), text(), text(), key());
      case 15 -> new RankingEvent.FeedbackPolicySaved(time(), text(), key());
      case 14 -> new RankingEvent.ExperimentDropped(time(), text(), key());
      default -> schema();
    };
  }

  Event.SignalRecorded signal() {
    int flags = random.nextInt(8) | (random.nextBoolean() ? Event.SignalRecorded.USER : 0);
    return new Event.SignalRecorded(
        time(),
        random.nextInt(1 << 16),
        kind(),
        random.nextLong(),
        random.nextDouble(-5, 5),
        flags,
        (flags & Event.SignalRecorded.USER) == 0 ? 0 : random.nextLong(),
        (flags & Event.SignalRecorded.CREATOR) == 0 ? 0 : random.nextLong(),
        (flags & Event.SignalRecorded.SESSION) == 0 ? 0 : random.nextLong(),
        key());
  }

  private Event written() {
    var values = new TreeMap<String, MetadataValue>();
    for (int i = random.nextInt(6); i > 0; i--) {
      values.put(text(), value());
    }
    return new Event.EntityWritten(
        time(), kind(), random.nextLong(), Metadata.of(values), random.nextBoolean(), key());
  }

  private Event numbers() {
    var set = new TreeMap<String, MetadataValue>();
    var removed = new TreeSet<String>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var value = value();
      var field = text();
      if (!value.type().isNumeric()) {
        removed.add(field);
      } else if (!removed.contains(field)) {
        set.put(field, value);
      }
    }
    removed.removeAll(set.keySet());
    var all = new TreeSet<>(removed);
    all.addAll(set.keySet());
    var changes = new MetadataChanges(set, removed, all);
    return new Event.NumbersWritten(time(), kind(), random.nextLong(), changes, key());
  }

  private Event embedding() {
    float[] vector = new float[random.nextInt(9)];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextInt(4) == 0 ? -0.0f : (float) random.nextGaussian();
    }
    return new VectorEvent.EmbeddingWritten(
        time(), kind(), random.nextInt(1 << 16), random.nextLong(), vector, key());
  }

  private MetadataValue value() {
    return switch (FieldType.ofCode(random.nextInt(1, 11))) {
      case KEYWORD -> new MetadataValue.Text(FieldType.KEYWORD, text());
      case TEXT -> new MetadataValue.Text(FieldType.TEXT, text());
      case PLAIN -> new MetadataValue.Text(FieldType.PLAIN, text());
      case TAGS -> new MetadataValue.Tags(List.of(text(), text()));
      case INTEGER -> new MetadataValue.Whole(random.nextLong());
      case NUMBER -> new MetadataValue.Real(random.nextGaussian());
      case DURATION -> new MetadataValue.Span(Duration.ofNanos(random.nextLong()));
      case TIME -> new MetadataValue.Moment(Timestamp.ofNanos(time()));
      case BOOLEAN -> new MetadataValue.Flag(random.nextBoolean());
      case ID -> new MetadataValue.Id(EntityId.of(random.nextLong()));
    };
  }

  private Event schema() {
    var ids = new TreeMap<String, Integer>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ids.put(text(), random.nextInt(1 << 16));
    }
    return new Event.SchemaChanged(time(), text(), ids);
  }

  long time() {
    return random.nextLong() >>> 1;
  }

  EntityKind kind() {
    return EntityKind.ofCode(1 + random.nextInt(3));
  }

  IdempotencyKey key() {
    return switch (random.nextInt(3)) {
      case 0 -> new IdempotencyKey.Bits(random.nextLong(), random.nextLong());
      case 1 -> IdempotencyKey.sequence(random.nextLong(), random.nextLong() >>> 1);
      default -> null;
    };
  }

  String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(TEXT_LENGTH_MAX); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
      text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
    }
    return text.toString();
  }
}
