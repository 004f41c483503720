package io.tidaldb.schema;

import java.util.UUID;

/// The producer's identity for a write: the same key twice is the same event, counted once.
///
/// Without a key two equal writes are two events.
public sealed interface IdempotencyKey {

  /// A key of 128 random bits, for web and mobile clients. Recognised within the last 1,048,576
  /// keys.
  static IdempotencyKey of(UUID uuid) {
    return new Bits(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /// A key from any text: the first 128 bits of its BLAKE3 hash. Recognised within the last
  /// 1,048,576 keys.
  static IdempotencyKey of(String text) {
    return new Text(text);
  }

  /// The `number`-th message of a numbered stream (a queue's offset, a file's line), for bulk
  /// loaders. A full rewind of the stream is harmless; a refused number must be retried before the
  /// producer is 16,384 ahead.
  static IdempotencyKey sequence(long producer, long number) {
    return new Sequence(producer, number);
  }

  /// 128 bits.
  ///
  /// @param high the first 64 bits
  /// @param low the last 64 bits
  record Bits(long high, long low) implements IdempotencyKey {}

  /// A text.
  ///
  /// @param text any text; hashed when it enters the log
  record Text(String text) implements IdempotencyKey {}

  /// A place in a numbered stream.
  ///
  /// @param producer names the stream, any 64 bits
  /// @param number the place in the stream, 0 … 2^63-1
  record Sequence(long producer, long number) implements IdempotencyKey {

    /// @throws InvalidRequestException if `number` is negative
    public Sequence {
      if (number < 0) {
        throw new InvalidRequestException(
            "SEQUENCE_NEGATIVE",
            "sequence number is negative: producer=" + producer + " number=" + number);
      }
    }
  }
}
