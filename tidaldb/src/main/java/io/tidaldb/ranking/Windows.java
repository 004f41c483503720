package io.tidaldb.ranking;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Measure;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import java.util.List;
import java.util.stream.Collectors;

/// The rule for windows that a signal does not declare: the next wider declared one is read, with a
/// warning; where there is none, the request is refused.
public final class Windows {

  private Windows() {}

  /// The window to read a count in.
  ///
  /// @throws InvalidRequestException if neither it nor a wider one is declared
  public static Window forCount(SignalType type, Window asked, List<Warning> warnings) {
    return declared(type, asked, Window.ALL_TIME, warnings);
  }

  /// The window to read a velocity in.
  ///
  /// @throws InvalidRequestException if it has no end, or neither it nor a wider one is declared
  public static Window forVelocity(SignalType type, Window asked, List<Warning> warnings) {
    requireFinite(asked, "velocity of '" + type.name() + "'");
    return declared(type, asked, Window.THIRTY_DAYS, warnings);
  }

  /// Refuses the window without end where a rate is read.
  public static void requireFinite(Window window, String reader) {
    if (!window.isFinite()) {
      throw new InvalidRequestException(
          "WINDOW_WITHOUT_END",
          "a rate needs a window with an end: reader="
              + reader
              + " given=all allowed=1h, 24h, 7d, 30d");
    }
  }

  private static Window declared(
      SignalType type, Window asked, Window widest, List<Warning> warnings) {
    for (var window : type.windows()) {
      if (window.compareTo(asked) < 0 || window.compareTo(widest) > 0) {
        continue;
      }
      if (window != asked) {
        var warning =
            new Warning(
                "WINDOW_WIDENED",
                "signal=" + type.name() + " asked=" + asked.label() + " used=" + window.label());
        if (!warnings.contains(warning)) {
          warnings.add(warning);
        }
      }
      return window;
    }
    throw new InvalidRequestException(
        "WINDOW_UNDECLARED",
        "signal declares no such window and none wider: signal="
            + type.name()
            + " window="
            + asked.label()
            + " declared="
            + labels(type)
            + "; declare it in the schema or ask for another");
  }

  /// The declared windows of a signal, for messages.
  public static String labels(SignalType type) {
    return type.windows().isEmpty()
        ? "none"
        : type.windows().stream().map(Window::label).collect(Collectors.joining(", "));
  }

  /// Whether the measure can be read at all of this type.
  public static boolean readable(SignalType type, Measure measure) {
    return measure != Measure.VELOCITY || type.velocity();
  }
}
