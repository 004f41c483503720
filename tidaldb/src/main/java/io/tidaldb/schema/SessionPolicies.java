package io.tidaldb.schema;

import io.tidaldb.schema.SchemaViolation.Code;
import io.tidaldb.schema.SessionPolicy.Rate;
import io.tidaldb.schema.SessionPolicy.ReadScope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The rules of session policies, and their line in the canonical text of a schema.
///
/// ```
/// session chat allow=* deny=hide duration=PT1H idle=PT5M signals=100 annotations=10 rate=10.0/50
///     scope=user half_life=PT30M audit=100 archive=PT2160H
/// ```
final class SessionPolicies {

  static final int POLICIES_MAX = 64;

  private static final Duration SPAN_MIN = Duration.ofSeconds(1);
  private static final Duration SPAN_MAX = Duration.ofDays(365);
  private static final Duration ARCHIVE_MAX = Duration.ofDays(3_650);
  private static final int SIGNALS_MAX = 1_000_000;
  private static final int ANNOTATIONS_MAX = 100_000;
  private static final int AUDIT_MAX = 10_000;
  private static final double RATE_MIN = 0.001;
  private static final int RATE_MAX = 1_000_000;
  private static final String ALL = "*";
  private static final int WORDS = 13;

  private SessionPolicies() {}

  /// Adds what is wrong with a policy.
  ///
  /// @param declared whether a signal of this name is declared
  static void check(
      SessionPolicy policy, Predicate<String> declared, List<SchemaViolation> violations) {
    var check = new Check("session." + policy.name(), violations);
    policy.allowed().ifPresent(names -> check.names("allow", names, declared));
    check.names("deny", policy.denied(), declared);
    check.span("maxDuration", policy.maxDuration(), SPAN_MIN, SPAN_MAX);
    policy.maxIdle().ifPresent(idle -> check.span("maxIdle", idle, SPAN_MIN, SPAN_MAX));
    check.count("maxSignals", policy.maxSignals(), 0, SIGNALS_MAX);
    check.count("maxAnnotations", policy.maxAnnotations(), 0, ANNOTATIONS_MAX);
    policy.rate().ifPresent(check::rate);
    check.span("halfLife", policy.halfLife(), SPAN_MIN, SPAN_MAX);
    check.count("auditEntries", policy.auditEntries(), 0, AUDIT_MAX);
    check.span("archiveFor", policy.archiveFor(), Duration.ZERO, ARCHIVE_MAX);
  }

  private record Check(String path, List<SchemaViolation> violations) {

    void names(String field, Set<String> names, Predicate<String> declared) {
      for (var name : names) {
        if (!declared.test(name)) {
          violations.add(
              new SchemaViolation(
                  Code.POLICY_SIGNAL_UNKNOWN, path + "." + field, name, "a declared signal"));
        }
      }
    }

    void span(String field, Duration given, Duration least, Duration most) {
      if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
        outOfRange(field, given.toString(), least + "…" + most);
      }
    }

    void count(String field, int given, int least, int most) {
      if (given < least || given > most) {
        outOfRange(field, given + "", least + "…" + most);
      }
    }

    void rate(Rate rate) {
      if (!(rate.perSecond() >= RATE_MIN && rate.perSecond() <= RATE_MAX)) {
        outOfRange("rate", rate.perSecond() + "", RATE_MIN + "…" + RATE_MAX);
      }
      count("burst", rate.burst(), 1, RATE_MAX);
    }

    private void outOfRange(String field, String given, String allowed) {
      violations.add(
          new SchemaViolation(Code.POLICY_OUT_OF_RANGE, path + "." + field, given, allowed));
    }
  }

  static String line(SessionPolicy policy) {
    return String.join(
        " ",
        "session",
        policy.name(),
        "allow=" + policy.allowed().map(names -> String.join(",", names)).orElse(ALL),
        "deny=" + String.join(",", policy.denied()),
        "duration=" + policy.maxDuration(),
        "idle=" + policy.maxIdle().map(Duration::toString).orElse(""),
        "signals=" + policy.maxSignals(),
        "annotations=" + policy.maxAnnotations(),
        "rate=" + policy.rate().map(rate -> rate.perSecond() + "/" + rate.burst()).orElse(""),
        "scope=" + policy.readScope().name().toLowerCase(Locale.ROOT),
        "half_life=" + policy.halfLife(),
        "audit=" + policy.auditEntries(),
        "archive=" + policy.archiveFor());
  }

  /// Declares what a line says.
  ///
  /// @throws IllegalArgumentException if it is none
  static void read(SchemaBuilder builder, String[] words) {
    if (words.length != WORDS) {
      throw new IllegalArgumentException("a session policy has " + WORDS + " words");
    }
    var _ = builder.sessionPolicy(words[1], policy -> read(policy, words));
  }

  private static void read(SessionPolicy.Builder policy, String[] words) {
    given(words[2], "allow=")
        .filter(names -> !names.equals(ALL))
        .ifPresentOrElse(
            names -> policy.allow(names.split(",", -1)),
            () -> {
              if (words[2].equals("allow=")) {
                policy.allow();
              }
            });
    given(words[3], "deny=").ifPresent(names -> policy.deny(names.split(",", -1)));
    policy.maxDuration(Duration.parse(value(words[4], "duration=")));
    given(words[5], "idle=").map(Duration::parse).ifPresent(policy::maxIdle);
    policy.maxSignals(Integer.parseInt(value(words[6], "signals=")));
    policy.maxAnnotations(Integer.parseInt(value(words[7], "annotations=")));
    given(words[8], "rate=")
        .map(rate -> Arrays.asList(rate.split("/", -1)))
        .ifPresent(
            rate -> policy.rate(Double.parseDouble(rate.get(0)), Integer.parseInt(rate.get(1))));
    policy.readScope(ReadScope.valueOf(value(words[9], "scope=").toUpperCase(Locale.ROOT)));
    policy.halfLife(Duration.parse(value(words[10], "half_life=")));
    policy.auditEntries(Integer.parseInt(value(words[11], "audit=")));
    policy.archiveFor(Duration.parse(value(words[12], "archive=")));
  }

  private static Optional<String> given(String word, String key) {
    return Optional.of(value(word, key)).filter(value -> !value.isEmpty());
  }

  private static String value(String word, String key) {
    if (!word.startsWith(key)) {
      throw new IllegalArgumentException("expected " + key + ": given=" + word);
    }
    return word.substring(key.length());
  }
}
