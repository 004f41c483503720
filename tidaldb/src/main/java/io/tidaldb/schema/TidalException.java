package io.tidaldb.schema;

import org.jspecify.annotations.Nullable;

/// Everything that TidalDB refuses or reports. The subtype says what the caller can do about it;
/// the message says what, then facts as `key=value`, then the next step.
public abstract sealed class TidalException extends RuntimeException
    permits InvalidRequestException,
        NotFoundException,
        LimitExceededException,
        RateLimitedException,
        BackpressureException,
        OutcomeUnknownException,
        StorageException,
        ReadOnlyException,
        LockedException,
        ClosedException,
        CorruptionException,
        SchemaMismatchException,
        UnsupportedFormatException {

  private static final long serialVersionUID = 1L;

  TidalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The exit code of the `tidal` command for this kind of error.
  public abstract int exitCode();

  /// The status that an HTTP server answers for this kind of error.
  public abstract int httpStatus();
}
