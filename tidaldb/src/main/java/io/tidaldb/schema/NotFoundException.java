package io.tidaldb.schema;

/// A named thing (signal, profile, entity to update) does not exist: create it or ask for another.
public final class NotFoundException extends TidalException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final String name;
  private final String advice;

  /// @param what the kind of thing, for example `signal`
  /// @param name the name that was asked for
  /// @param advice what to do next
  public NotFoundException(String what, String name, String advice) {
    super(what + " not found: name=" + name + "; " + advice, null);
    this.what = what;
    this.name = name;
    this.advice = advice;
  }

  /// The kind of thing.
  public String what() {
    return what;
  }

  /// What to do next.
  public String advice() {
    return advice;
  }

  /// The name that was asked for.
  public String name() {
    return name;
  }

  @Override
  public int exitCode() {
    return 2;
  }

  @Override
  public int httpStatus() {
    return 404;
  }
}
