package io.tidaldb.entity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Reads the filter indexes of one kind of entity for one query at its time: a live counter that is
/// older than its freshness then is absent. Bitmaps are over slots; the caller owns what it gets
/// and may change it. A field that is not declared, or has another type, is an
/// `InvalidRequestException` that names it.
public interface EntityReader {

  /// Slots that were written and not deleted.
  RoaringBitmap live();

  /// How many are live.
  long liveCount();

  /// Whether a slot is live.
  boolean isLive(int slot);

  /// Slots whose KEYWORD or TAGS field has this value; compared after NFC and lower case (done
  /// here).
  RoaringBitmap keyword(String field, String value);

  /// `out[i]` = the number of the value of the KEYWORD field at `slots[i]`, which is the same for
  /// equal values and stands for the value only within this call; −1 where absent, where the field
  /// is not declared, or `slots[i]` is negative.
  void keywordNumbers(String field, int[] slots, int count, int[] out);

  /// Slots that have the field.
  RoaringBitmap present(String field);

  /// Slots whose INTEGER, NUMBER or DURATION (seconds) field lies in the range; infinities for open
  /// ends.
  RoaringBitmap numbers(
      String field, double min, boolean minInclusive, double max, boolean maxInclusive);

  /// Slots whose TIME field (or `created`) lies in `from ≤ t < before`, nanoseconds.
  RoaringBitmap times(String field, long from, long before);

  /// Slots whose BOOLEAN field has this value.
  RoaringBitmap booleans(String field, boolean value);

  /// Slots whose ID field (or `creator` for `creator_id`) holds this id. The creator of a creator
  /// is itself.
  RoaringBitmap references(String field, long id);

  /// The same slots in any order, some of them maybe twice.
  int[] referring(String field, long id);

  /// `out[i]` = the id in the ID field of `slots[i]`, where `present[i]` becomes true.
  void references(String field, int[] slots, int count, long[] out, boolean[] present);

  /// Slots that are not available at a time: `available_from ≤ at < available_until` does not hold.
  RoaringBitmap unavailable(long at);

  /// A walk over living entities from the newest that was created no later than this time; null if
  /// there is none.
  @Nullable CreatedWalk newest(long notAfter);

  /// When a live slot's entity was created: `created_at`, else the time of its first write;
  /// nanoseconds.
  long created(int slot);

  /// `out[i] = created(slots[i])`.
  void created(int[] slots, int count, long[] out);

  /// `out[i]` = the numeric field (durations in seconds, times in seconds), NaN where absent.
  void numbers(String field, int[] slots, int count, double[] out);

  /// An order-preserving 8-byte prefix of the sort key of the title (NFKD, marks removed, lower
  /// case, trimmed; by code point), compared unsigned; 0 where there is no title.
  void titlePrefixes(int[] slots, int count, long[] out);

  /// The title's whole sort key, read from the rows; empty where there is no title.
  String titleKey(int slot);

  /// The title as written, read from the rows; empty where there is no title.
  String title(int slot);

  /// What describes the entity in words, read from the rows: title, category and tags, those that
  /// are there.
  List<String> words(int slot);
}
