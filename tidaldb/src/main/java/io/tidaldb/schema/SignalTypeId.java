package io.tidaldb.schema;

/// The number that stands for a signal type in the log, in keys and in memory.
///
/// @param value 0 … 65,535
public record SignalTypeId(int value) {

  /// @throws InvalidRequestException if the value is out of range
  public SignalTypeId {
    if (value < 0 || value > 0xFFFF) {
      throw new InvalidRequestException(
          "SIGNAL_TYPE_ID_OUT_OF_RANGE",
          "signal type id out of range: given=" + value + " allowed=0…65535");
    }
  }

  /// The id with this number.
  public static SignalTypeId of(int value) {
    return new SignalTypeId(value);
  }
}
