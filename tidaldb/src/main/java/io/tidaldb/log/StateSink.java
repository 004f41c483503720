package io.tidaldb.log;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/// Takes the canonical form of a view's state, value by value. The engine hashes it; `dump --state`
/// prints it.
public interface StateSink {

  /// Begins an entry, for example `signal`, with its key in words.
  @CanIgnoreReturnValue
  StateSink entry(String what, String key);

  /// A named value of the entry.
  @CanIgnoreReturnValue
  StateSink value(String name, long value);

  /// A named value of the entry; compared by its bits.
  @CanIgnoreReturnValue
  StateSink value(String name, double value);

  /// A named value of the entry.
  @CanIgnoreReturnValue
  StateSink value(String name, String value);
}
