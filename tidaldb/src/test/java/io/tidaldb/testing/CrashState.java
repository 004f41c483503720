package io.tidaldb.testing;

/// One legal state of the disk after a power cut.
///
/// @param description which pending units survived, for the report of a failure
/// @param volume a disk in that state, everything durable
public record CrashState(String description, SimulatedVolume volume) {

  @Override
  public String toString() {
    return description;
  }
}
