package io.tidaldb.fault;

/// The world stops here: an `Error`, so that no handler swallows it. Nothing more may be written,
/// synced or answered.
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  /// @param where the place
  public SimulatedCrash(String where) {
    super("simulated crash at " + where);
  }
}
