package io.tidaldb.schema;

import org.jspecify.annotations.Nullable;

/// The request cannot be right: an argument, an option, a schema. Fix it; nothing was done.
public sealed class InvalidRequestException extends TidalException
    permits SchemaException, NameTakenException, QuerySyntaxException {

  private static final long serialVersionUID = 1L;

  private final String code;

  /// @param code a stable name for the kind of mistake, for example `VALUE_INVALID`
  /// @param message what is wrong, with the value and what is allowed
  public InvalidRequestException(String code, String message) {
    this(code, message, null);
  }

  /// @param code a stable name for the kind of mistake
  /// @param message what is wrong, with the value and what is allowed
  /// @param cause the cause, if there is one
  public InvalidRequestException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /// A stable name for the kind of mistake.
  public String code() {
    return code;
  }

  @Override
  public int exitCode() {
    return 2;
  }

  @Override
  public int httpStatus() {
    return 400;
  }
}
