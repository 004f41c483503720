package io.tidaldb.entity;

import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.StateSink;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.MetadataValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The values of one field of one kind, by slot.
sealed interface Column permits KeywordColumn, WordColumn {

  /// The field's type.
  FieldType type();

  /// Sets a slot's value; null, or a value of another type, clears it. Writer only.
  ///
  /// @param time what it was said for, nanoseconds
  void set(int slot, @Nullable MetadataValue value, long time);

  /// Makes what was set visible. Writer only.
  void publish();

  /// Slots that have a value, fresh or not, the caller's own. Any thread.
  RoaringBitmap present();

  /// Takes the changed pages. Writer only.
  ///
  /// @param address what the pages' keys have in common, see [FrozenIndex#key]
  void freeze(int address, boolean all, FrozenIndex into);

  /// Takes a saved page.
  ///
  /// @throws IllegalArgumentException if it is none
  void load(PageKey key, byte[] content);

  /// All pages are there.
  ///
  /// @throws IllegalArgumentException if they do not fit together
  void loaded();

  /// The keys of every page that may have been saved.
  List<PageKey> pages(int address);

  /// Writes a slot's value into a digest's entry, if there is one.
  void digest(String field, int slot, StateSink entry);

  /// What is wrong, in words.
  List<String> verify();
}
