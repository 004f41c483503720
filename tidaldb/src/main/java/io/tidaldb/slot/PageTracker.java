package io.tidaldb.slot;

import com.google.errorprone.annotations.Var;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Knows which pages changed since they were last saved, and which are being saved right now and so
/// must be copied before they are written.
///
/// **Threads.** The writer calls everything but [Freeze#committed] and [Freeze#abandoned], which
/// any thread may call once it has stopped reading the frozen pages:
///
/// | Field | Written by | Write mode | Read mode | Stale read means |
/// |---|---|---|---|---|
/// | `current` | writer sets, any thread clears | compare-and-set | volatile | one copy that was not needed |
/// | `returned` | whoever abandons | volatile | volatile, by the writer | – (set before `current` is cleared) |
public final class PageTracker {

  private final BitSet dirty = new BitSet();
  private final BitSet shared = new BitSet();
  private final AtomicReference<@Nullable Freeze> current = new AtomicReference<>();
  private final AtomicReference<@Nullable BitSet> returned = new AtomicReference<>();

  /// Says that a page is about to change.
  ///
  /// @return whether it is being saved and the writer must replace it by a copy first
  public boolean touch(int page) {
    dirty.set(page);
    if (current.get() == null || !shared.get(page)) {
      return false;
    }
    shared.clear(page);
    return true;
  }

  /// Takes the set of pages that changed since the last freeze that was committed.
  ///
  /// @param also further pages to save, though they did not change
  /// @throws IllegalStateException if the previous freeze is neither committed nor abandoned
  public Freeze freeze(BitSet also) {
    if (current.get() != null) {
      throw new IllegalStateException("the previous freeze is neither committed nor abandoned");
    }
    BitSet back = returned.getAndSet(null);
    if (back != null) {
      dirty.or(back);
    }
    dirty.or(also);
    var freeze = new Freeze(dirty.stream().toArray());
    shared.clear();
    shared.or(dirty);
    dirty.clear();
    current.set(freeze);
    return freeze;
  }

  /// Forgets everything, a running freeze too: no page exists any more.
  public void clear() {
    current.set(null);
    returned.set(null);
    dirty.clear();
    shared.clear();
  }

  /// The pages of one freeze.
  public final class Freeze {

    private final int[] pages;

    private Freeze(int[] pages) {
      this.pages = pages;
    }

    /// How many pages.
    public int count() {
      return pages.length;
    }

    /// The number of the index-th page; they rise.
    public int page(int index) {
      return pages[index];
    }

    /// The pages are saved: clean unless written since.
    public void committed() {
      current.compareAndSet(this, null);
    }

    /// The pages were not saved: dirty again.
    public void abandoned() {
      if (current.get() != this) {
        return;
      }
      var back = new BitSet();
      for (@Var int i = 0; i < pages.length; i++) {
        back.set(pages[i]);
      }
      returned.set(back);
      current.compareAndSet(this, null);
    }
  }
}
