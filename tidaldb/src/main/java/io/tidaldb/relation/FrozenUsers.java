package io.tidaldb.relation;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The pages of user states that changed, at one position. Users are encoded when they are asked
/// for; one that the writer is about to change is encoded by the writer first.
///
/// **Threads.** The writer says what it changes, the checkpointer asks. The bytes that the writer
/// leaves in `kept` are there before its change, so whoever has copied the change finds them.
abstract class FrozenUsers implements FrozenPages {

  private final IntFunction<@Nullable UserMemory> memories;
  private final SortedMap<PageKey, int[]> pages;
  private final PageKey commonKey;
  private final byte[] common;

  /// Users of these pages whose bytes the writer must keep before it changes them. Writer only.
  private final BitSet unchanged = new BitSet();

  private final ConcurrentMap<Integer, byte[]> kept = new ConcurrentHashMap<>();

  /// @param pages each page's users; a page of one user alone has type 1
  FrozenUsers(
      IntFunction<@Nullable UserMemory> memories,
      SortedMap<PageKey, int[]> pages,
      PageKey commonKey,
      byte[] common) {
    this.memories = memories;
    this.pages = pages;
    this.commonKey = commonKey;
    this.common = common;
    for (int[] users : pages.values()) {
      for (int user : users) {
        unchanged.set(user);
      }
    }
  }

  /// The writer is about to change a user.
  void beforeChange(int user, @Nullable UserMemory memory) {
    if (unchanged.get(user)) {
      unchanged.clear(user);
      kept.put(user, encoded(memory));
    }
  }

  private static byte[] encoded(@Nullable UserMemory memory) {
    return memory == null ? new byte[0] : memory.encode();
  }

  private byte[] bytes(int user) {
    byte[] made = encoded(memories.apply(user));
    return kept.getOrDefault(user, made);
  }

  @Override
  public int count() {
    return pages.size() + 1;
  }

  @Override
  public void forEach(PageSink sink) {
    boolean commonGiven = false;
    for (var page : pages.entrySet()) {
      if (!commonGiven && page.getKey().compareTo(commonKey) > 0) {
        sink.page(commonKey, common);
        commonGiven = true;
      }
      int[] users = page.getValue();
      sink.page(page.getKey(), page.getKey().type() == 1 ? bytes(users[0]) : group(users));
    }
    if (!commonGiven) {
      sink.page(commonKey, common);
    }
  }

  private byte[] group(int[] users) {
    var out = new ByteArrayOutputStream();
    for (int user : users) {
      byte[] bytes = bytes(user);
      if (bytes.length > 0) {
        out.write(user & (UserStates.GROUP_USERS - 1));
        out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
        out.writeBytes(bytes);
      }
    }
    return out.toByteArray();
  }

  @Override
  public void committed() {
    done(true);
  }

  @Override
  public void abandoned() {
    done(false);
  }

  /// Saving has ended.
  abstract void done(boolean saved);
}
