package io.tidaldb.testing;

/// A naive model refuses a call, as the real database must: by the code of an invalid request, else
/// by the exception's simple name.
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /// @param reason code or exception
  public Refusal(String reason) {
    super(reason);
    this.reason = reason;
  }

  /// Code or exception.
  public String reason() {
    return reason;
  }
}
