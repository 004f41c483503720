package io.tidaldb.session;

import io.tidaldb.log.StateSink;
import io.tidaldb.schema.CorruptionException;
import io.tidaldb.schema.EntityId;
import io.tidaldb.storage.Keys;
import io.tidaldb.storage.Keyspace;
import io.tidaldb.storage.StorageBackend;
import io.tidaldb.storage.Tag;
import io.tidaldb.storage.WriteBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Ended sessions as rows of the storage backend.
///
/// | Keyspace, key | Value |
/// |---|---|
/// | USERS `[user][0][SESS][session]` | head, see [SessionCodec]; CRC32C u32 |
/// | USERS `[user][0][SESS][session][part u8][chunk u32]` | chunk of signals (1) or annotations (2); CRC32C |
/// | SYSTEM `[session][0][SESS]` | user |
/// | SYSTEM `[0][0][SESS][policy][0][ended][session]` | user |
///
/// Numbers are big-endian. Rows are kept in memory while a frame is folded and reach the backend
/// when it is published, heads last: a session whose head can be read is complete. The rows carry
/// no position of their own. They may be ahead of the pages that the fold goes on from, and then
/// the same events write the same rows, or remove them, once more.
///
/// **Threads.** The writer changes; any thread reads what is published.
public final class SessionArchive {

  private static final int BATCH_BYTES = 8 << 20;
  private static final int HEAD_KEY_BYTES = Keys.PREFIX_BYTES + Long.BYTES;
  private static final byte[] REMOVED = new byte[0];

  private final StorageBackend storage;

  /// Rows of the frame under way, heads after everything else.
  private final TreeMap<Row, byte[]> pending = new TreeMap<>();

  @SuppressWarnings("ArrayRecordComponent") // Compared by content below, never written.
  private record Row(Keyspace keyspace, byte[] key) implements Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      int byKeyspace = keyspace.compareTo(other.keyspace);
      return byKeyspace != 0 ? byKeyspace : Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Row row && compareTo(row) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * keyspace.hashCode() + Arrays.hashCode(key);
    }

    boolean isHead() {
      return keyspace == Keyspace.USERS && key.length == HEAD_KEY_BYTES;
    }
  }

  /// No row of ours is empty.
  private static boolean isRemoved(byte[] value) {
    return value.length == 0;
  }

  SessionArchive(StorageBackend storage) {
    this.storage = storage;
  }

  /* --- keys --- */

  private static byte[] headKey(long user, long session) {
    return Keys.row(user, Tag.SESS, ByteBuffer.allocate(8).putLong(session).array());
  }

  private static byte[] chunkKey(long user, long session, int part, int chunk) {
    var suffix = ByteBuffer.allocate(13).putLong(session).put((byte) part).putInt(chunk);
    return Keys.row(user, Tag.SESS, suffix.array());
  }

  private static byte[] userKey(long session) {
    return Keys.row(session, Tag.SESS);
  }

  private static byte[] endPrefix(String policy) {
    return Keys.row(0, Tag.SESS, (policy + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] endKey(SessionState session) {
    byte[] prefix = endPrefix(session.head().policy());
    return ByteBuffer.allocate(prefix.length + 16)
        .put(prefix)
        .putLong(session.end().orElseThrow().time())
        .putLong(session.head().session())
        .array();
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /* --- writing --- */

  /// Keeps an ended session.
  void put(SessionState session) {
    long user = session.head().user();
    long id = session.head().session();
    put(Keyspace.USERS, headKey(user, id), sealed(SessionCodec.head(session)));
    for (int chunk = 0; chunk < session.signals.chunkCount(); chunk++) {
      put(
          Keyspace.USERS,
          chunkKey(user, id, SessionCodec.SIGNALS, chunk),
          sealed(SessionCodec.signals(session, chunk)));
    }
    for (int chunk = 0; chunk < SessionCodec.noteChunks(session.noteCount()); chunk++) {
      put(
          Keyspace.USERS,
          chunkKey(user, id, SessionCodec.NOTES, chunk),
          sealed(SessionCodec.notes(session, chunk)));
    }
    put(Keyspace.SYSTEM, userKey(id), bytes(user));
    put(Keyspace.SYSTEM, endKey(session), bytes(user));
  }

  /// Forgets a user's sessions; how many.
  int erase(long user) {
    var sessions = pendingStates(user);
    sessions.forEach(this::remove);
    return sessions.size();
  }

  /// Forgets the sessions of a policy that ended at or before a time.
  void cut(String policy, long endedUntil) {
    byte[] prefix = endPrefix(policy);
    var due = new ArrayList<byte[]>();
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, prefix)) {
      while (cursor.next() && ended(cursor.key(), prefix) <= endedUntil) {
        due.add(cursor.key());
      }
    }
    for (var row : pending.entrySet()) {
      byte[] key = row.getKey().key();
      if (row.getKey().keyspace() == Keyspace.SYSTEM
          && !isRemoved(row.getValue())
          && Arrays.mismatch(key, prefix) == prefix.length
          && ended(key, prefix) <= endedUntil) {
        due.add(key);
      }
    }
    for (byte[] key : due) {
      long session = ByteBuffer.wrap(key).getLong(prefix.length + 8);
      pendingRow(Keyspace.SYSTEM, key)
          .map(user -> headKey(ByteBuffer.wrap(user).getLong(), session))
          .flatMap(head -> pendingRow(Keyspace.USERS, head).map(content -> summary(head, content)))
          .ifPresent(this::remove);
    }
  }

  private static long ended(byte[] key, byte[] prefix) {
    return ByteBuffer.wrap(key).getLong(prefix.length);
  }

  /// @param session at least its head and end
  private void remove(SessionState session) {
    long user = session.head().user();
    long id = session.head().session();
    byte[] head = headKey(user, id);
    try (var cursor = storage.scanPrefix(Keyspace.USERS, head)) {
      while (cursor.next()) {
        put(Keyspace.USERS, cursor.key(), REMOVED);
      }
    }
    pending
        .entrySet()
        .removeIf(
            row ->
                row.getKey().keyspace() == Keyspace.USERS
                    && row.getKey().key().length > HEAD_KEY_BYTES
                    && !isRemoved(row.getValue())
                    && Arrays.mismatch(row.getKey().key(), head) == head.length);
    put(Keyspace.USERS, head, REMOVED);
    put(Keyspace.SYSTEM, userKey(id), REMOVED);
    put(Keyspace.SYSTEM, endKey(session), REMOVED);
  }

  private void put(Keyspace keyspace, byte[] key, byte[] value) {
    pending.put(new Row(keyspace, key), value);
  }

  private Optional<byte[]> pendingRow(Keyspace keyspace, byte[] key) {
    byte[] value = pending.get(new Row(keyspace, key));
    if (value != null) {
      return isRemoved(value) ? Optional.empty() : Optional.of(value);
    }
    return storage.get(keyspace, key);
  }

  private List<SessionState> pendingStates(long user) {
    var heads = new TreeMap<Row, byte[]>();
    byte[] prefix = Keys.row(user, Tag.SESS);
    try (var cursor = storage.scanPrefix(Keyspace.USERS, prefix)) {
      while (cursor.next()) {
        heads.put(new Row(Keyspace.USERS, cursor.key()), cursor.value());
      }
    }
    pending.forEach(
        (row, value) -> {
          if (row.keyspace() == Keyspace.USERS
              && Arrays.mismatch(row.key(), prefix) == prefix.length) {
            heads.put(row, value);
          }
        });
    return heads.entrySet().stream()
        .filter(row -> row.getKey().isHead() && !isRemoved(row.getValue()))
        .map(row -> summary(row.getKey().key(), row.getValue()))
        .toList();
  }

  /// Hands the frame's rows to the backend.
  void publish() {
    if (pending.isEmpty()) {
      return;
    }
    var batch = new WriteBatch();
    for (var row : pending.entrySet()) {
      if (!row.getKey().isHead()) {
        add(batch, row.getKey(), row.getValue());
        if (batch.sizeBytes() >= BATCH_BYTES) {
          storage.writeBatch(batch);
          batch = new WriteBatch();
        }
      }
    }
    for (var row : pending.entrySet()) {
      if (row.getKey().isHead()) {
        add(batch, row.getKey(), row.getValue());
      }
    }
    storage.writeBatch(batch);
    pending.clear();
  }

  private static void add(WriteBatch batch, Row row, byte[] value) {
    if (isRemoved(value)) {
      batch.delete(row.keyspace(), row.key());
    } else {
      batch.put(row.keyspace(), row.key(), value);
    }
  }

  /* --- reading --- */

  /// The user of an ended session; empty if it is not kept.
  public OptionalLong user(long session) {
    return storage
        .get(Keyspace.SYSTEM, userKey(session))
        .map(user -> OptionalLong.of(ByteBuffer.wrap(user).getLong()))
        .orElseGet(OptionalLong::empty);
  }

  /// An ended session, whole.
  ///
  /// @throws CorruptionException if a row of it is damaged
  public Optional<SessionState> read(long user, long session) {
    try (var snapshot = storage.snapshot()) {
      byte[] key = headKey(user, session);
      var head = snapshot.get(Keyspace.USERS, key);
      return head.map(content -> read(content, key, snapshot));
    }
  }

  private static SessionState read(byte[] content, byte[] key, StorageBackend.Snapshot rows) {
    long user = Keys.id(key);
    long session = ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES);
    try {
      return SessionCodec.readHead(session, opened(content, key))
          .state(
              chunk -> chunk(rows, chunkKey(user, session, SessionCodec.SIGNALS, chunk)),
              chunk -> chunk(rows, chunkKey(user, session, SessionCodec.NOTES, chunk)));
    } catch (IllegalArgumentException e) {
      throw damaged(key, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] chunk(StorageBackend.Snapshot rows, byte[] key) {
    return opened(rows.get(Keyspace.USERS, key).orElseThrow(() -> damaged(key, "no row")), key);
  }

  /// The ended sessions of a user by id, without signals and annotations.
  ///
  /// @param after only ids above
  /// @param limit at most so many
  public List<SessionState> summaries(long user, long after, int limit) {
    var found = new ArrayList<SessionState>();
    try (var cursor = storage.scanPrefix(Keyspace.USERS, Keys.row(user, Tag.SESS))) {
      while (found.size() < limit && cursor.next()) {
        byte[] key = cursor.key();
        if (key.length == HEAD_KEY_BYTES
            && ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES) > after) {
          found.add(summary(key, cursor.value()));
        }
      }
    }
    return found;
  }

  /// Every ended session, without signals and annotations.
  public void forEachSummary(Consumer<SessionState> consumer) {
    try (var cursor = storage.scanPrefix(Keyspace.USERS, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.SESS && key.length == HEAD_KEY_BYTES) {
          consumer.accept(summary(key, cursor.value()));
        }
      }
    }
  }

  /// When the first of a policy's kept sessions ended; empty if none is kept.
  public OptionalLong firstEnd(String policy) {
    byte[] prefix = endPrefix(policy);
    try (var cursor = storage.scanPrefix(Keyspace.SYSTEM, prefix)) {
      return cursor.next() ? OptionalLong.of(ended(cursor.key(), prefix)) : OptionalLong.empty();
    }
  }

  private static SessionState summary(byte[] key, byte[] content) {
    long session = ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES);
    try {
      return SessionCodec.readHead(session, opened(content, key)).summary();
    } catch (IllegalArgumentException e) {
      throw damaged(key, String.valueOf(e.getMessage()));
    }
  }

  /* --- checksums --- */

  private static byte[] sealed(byte[] content) {
    return ByteBuffer.allocate(content.length + 4)
        .put(content)
        .putInt(checksum(content, content.length))
        .array();
  }

  private static byte[] opened(byte[] row, byte[] key) {
    int length = row.length - 4;
    if (length < 0 || checksum(row, length) != ByteBuffer.wrap(row).getInt(length)) {
      throw damaged(key, "checksum differs");
    }
    return Arrays.copyOf(row, length);
  }

  private static int checksum(byte[] content, int length) {
    var crc = new CRC32C();
    crc.update(content, 0, length);
    return (int) crc.getValue();
  }

  private static CorruptionException damaged(byte[] key, String what) {
    var where =
        "USERS/"
            + Long.toUnsignedString(Keys.id(key))
            + "/SESS/"
            + ByteBuffer.wrap(key).getLong(Keys.PREFIX_BYTES);
    return new CorruptionException(
        "row of an ended session is damaged", where, -1, 0, "a session", what);
  }

  /* --- checking --- */

  void digest(StateSink sink) {
    try (var cursor = storage.scanPrefix(Keyspace.USERS, new byte[0])) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.tag(key) == Tag.SESS) {
          var suffix = ByteBuffer.wrap(Keys.suffix(key));
          byte[] row = cursor.value();
          var entry =
              sink.entry("ended session", EntityId.of(Keys.id(key)) + " " + suffix.getLong());
          entry.value("bytes", row.length);
          entry.value("checksum", checksum(row, row.length));
        }
      }
    }
  }

  List<String> verify() {
    var findings = new ArrayList<String>();
    forEachSummary(
        head -> {
          try {
            long user = head.head().user();
            if (read(user, head.head().session()).isEmpty()
                || user(head.head().session()).isEmpty()) {
              findings.add("an ended session is not in the index: " + head.head().session());
            }
          } catch (CorruptionException e) {
            findings.add(String.valueOf(e.getMessage()));
          }
        });
    return findings;
  }
}
