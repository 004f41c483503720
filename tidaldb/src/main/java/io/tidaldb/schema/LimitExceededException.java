package io.tidaldb.schema;

/// A bound was reached: send less, or raise the limit.
public final class LimitExceededException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final String limitName;
  private final long limit;
  private final long actual;

  /// @param limitName the name of the bound
  /// @param limit its value
  /// @param actual what was asked for
  /// @param facts more facts as `key=value`, or empty
  public LimitExceededException(String limitName, long limit, long actual, String facts) {
    super(
        "limit exceeded: name="
            + limitName
            + " limit="
            + limit
            + " actual="
            + actual
            + (facts.isEmpty() ? "" : " " + facts),
        null);
    this.limitName = limitName;
    this.limit = limit;
    this.actual = actual;
  }

  /// The name of the bound.
  public String limitName() {
    return limitName;
  }

  /// The value of the bound.
  public long limit() {
    return limit;
  }

  /// What was asked for.
  public long actual() {
    return actual;
  }

  @Override
  public int exitCode() {
    return 3;
  }

  @Override
  public int httpStatus() {
    return 429;
  }
}
