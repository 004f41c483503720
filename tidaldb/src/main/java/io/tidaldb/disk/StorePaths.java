package io.tidaldb.disk;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Every name in a data directory; nothing else joins paths.
///
/// A log directory elsewhere (`logDir`) is a volume of the same shape: its own `IDENTITY` and the
/// directory `log`.
public final class StorePaths {

  /// Empty; opened for nothing but the lock.
  public static final String LOCK = "LOCK";

  /// Who holds the lock, in words.
  public static final String OWNER = "OWNER";

  /// The store's id, written once.
  public static final String IDENTITY = "IDENTITY";

  /// There only after a clean close.
  public static final String CLEAN = "CLEAN";

  /// The effective options, for people.
  public static final String CONFIG = "config.json";

  /// The directory of the log.
  public static final String LOG = "log";

  /// The prepared next segment.
  public static final String NEXT_SEGMENT = LOG + "/next.tmp";

  /// The directory of the key-value store.
  public static final String STORE = "store";

  /// The directory of the search index.
  public static final String SEARCH = "search";

  /// The directory of what recovery set aside; never read, never deleted.
  public static final String QUARANTINE = "quarantine";

  /// The end of a name that is not published yet.
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private static final String SEGMENT_SUFFIX = ".seg";
  private static final int SEGMENT_DIGITS = 20;

  /// What an interrupted first open may leave: the lock comes before the identity.
  private static final Set<String> BEFORE_IDENTITY =
      Set.of(LOCK, OWNER, IDENTITY + TEMPORARY_SUFFIX);

  private StorePaths() {}

  /// The segment that begins with a position (unsigned): `log/00000000000000000001.seg`. Name order
  /// is log order.
  public static String segment(long firstPosition) {
    String digits = Long.toUnsignedString(firstPosition);
    return LOG + "/" + "0".repeat(SEGMENT_DIGITS - digits.length()) + digits + SEGMENT_SUFFIX;
  }

  /// The first position that a segment's name states; empty if it is not the name of a segment.
  ///
  /// @param name with or without the directory
  public static OptionalLong firstPosition(String name) {
    String last = name.startsWith(LOG + "/") ? name.substring(LOG.length() + 1) : name;
    if (last.length() != SEGMENT_DIGITS + SEGMENT_SUFFIX.length()
        || !last.endsWith(SEGMENT_SUFFIX)) {
      return OptionalLong.empty();
    }
    String digits = last.substring(0, SEGMENT_DIGITS);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(digits));
    } catch (NumberFormatException e) { // Twenty digits can be more than 64 bits.
      return OptionalLong.empty();
    }
  }

  /// The name under which a file is written before it is published.
  public static String temporary(String name) {
    return name + TEMPORARY_SUFFIX;
  }

  /// Where recovery puts a copy of something it set aside.
  public static String quarantined(String name) {
    return QUARANTINE + "/" + VolumeName.last(name);
  }

  /// The names in a directory that a store without `IDENTITY` cannot have made: if there are any,
  /// the directory belongs to someone else.
  public static List<String> foreign(List<String> namesInRoot) {
    if (namesInRoot.contains(IDENTITY)) {
      return List.of();
    }
    return namesInRoot.stream().filter(name -> !BEFORE_IDENTITY.contains(name)).toList();
  }
}
