package io.tidaldb.schema;

import java.util.Locale;

/// Which rule of its policy refused a call of a session.
public enum RefusalReason {
  /// The policy does not take the signal.
  SIGNAL_DENIED(1),
  /// The session has all the signals that its policy grants.
  SIGNAL_QUOTA(2),
  /// The session has all the annotations that its policy grants.
  ANNOTATION_QUOTA(3),
  /// Signals of the session come faster than its policy grants.
  SESSION_RATE(4),
  /// Signals of the agent's sessions come faster than the option `agentRate` grants.
  AGENT_RATE(5);

  private static final RefusalReason[] REASONS = values();

  private final int code;

  RefusalReason(int code) {
    this.code = code;
  }

  /// The number that stands for it in the log.
  public int code() {
    return code;
  }

  /// The name in reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The reason with this number.
  ///
  /// @throws IllegalArgumentException if there is none
  public static RefusalReason ofCode(int code) {
    if (code < 1 || code > REASONS.length) {
      throw new IllegalArgumentException("unknown reason of a refusal: code=" + code);
    }
    return REASONS[code - 1];
  }
}
