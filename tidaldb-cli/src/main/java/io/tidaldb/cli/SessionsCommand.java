package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.ClosedSession;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.SessionAnnotation;
import io.tidaldb.schema.SessionExport;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.SessionRefusal;
import io.tidaldb.schema.SessionSignal;
import io.tidaldb.schema.SessionSnapshot;
import io.tidaldb.schema.SessionSummary;
import io.tidaldb.schema.Timestamp;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tidal sessions`: what users and agents said and did. Does nothing without a subcommand.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    subcommands = {
      SessionsCommand.ListOfUser.class,
      SessionsCommand.Show.class,
      SessionsCommand.Export.class
    },
    description = "Read sessions, running and ended ones.",
    footer = {
      "",
      "Examples:",
      "  tidal sessions list db/ 42",
      "  tidal sessions show db/ 7 --json",
      "  tidal sessions export db/ --agent assistant > sessions.jsonl"
    })
final class SessionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the running sessions of a user and a page of the ended ones.",
      footer = {"", "Example:", "  tidal sessions list db/ 42"})
  static final class ListOfUser implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "USER",
        converter = Moments.IdConverter.class,
        description = "Whose sessions.")
    private EntityId user;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "Ended sessions, 1 to 1000; else ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--after",
        paramLabel = "TOKEN",
        description = "What the page before gave as next; running ones are left out.")
    private @Nullable String after;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(directory)) {
        var page = db.closedSessions(user, new PageRequest(limit, Optional.ofNullable(after)));
        var running = after == null ? db.activeSessions(user) : List.<io.tidaldb.SessionHandle>of();
        if (output.isJson()) {
          running.forEach(session -> output.json(shape(session.snapshot())));
          page.items().forEach(summary -> output.json(shape(summary)));
        } else {
          var table =
              new Table(
                  ">id", "agent", "policy", "started", "ended", ">signals", ">said", ">refused");
          for (var session : running) {
            row(table, session.snapshot());
          }
          for (var summary : page.items()) {
            table.row(
                summary.id(),
                summary.agent(),
                summary.policy(),
                summary.started(),
                summary.ended() + " " + summary.reason().label(),
                "%,d".formatted(summary.signals()),
                "%,d".formatted(summary.annotations()),
                "%,d".formatted(summary.refusals()));
          }
          table.print(output);
        }
        page.next().ifPresent(token -> output.note("more: --after " + token));
      }
    }

    private static void row(Table table, SessionSnapshot session) {
      table.row(
          session.id(),
          session.agent(),
          session.policy(),
          session.started(),
          "runs",
          "%,d".formatted(session.signalCount()),
          "%,d".formatted(session.annotations().size()),
          "%,d".formatted(refusals(session)));
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a session: its facts, signals, annotations and refusals.",
      footer = {"", "Example:", "  tidal sessions show db/ 7"})
  static final class Show implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "SESSION",
        converter = Moments.IdConverter.class,
        description = "The session's id.")
    private EntityId session;

    @Mixin private Output output;

    @Override
    public void run() {
      var id = SessionId.of(session.value());
      try (var db = Stores.open(directory)) {
        var ended = db.closedSession(id);
        if (ended.isPresent()) {
          show(shape(ended.get().summary()), ended.get());
        } else {
          show(db, id);
        }
      }
    }

    private void show(TidalDb db, SessionId id) {
      var running = db.resumeSession(id).snapshot();
      var facts = shape(running);
      facts.put("expires", running.expires().toString());
      facts.put("hints", String.join(" ", running.hints()));
      facts.put("signals_left", running.quota().signalsLeft());
      facts.put("annotations_left", running.quota().annotationsLeft());
      print(facts, running.metadata(), running.signals(), running.annotations(), running.audit());
    }

    private void show(Map<String, Object> facts, ClosedSession ended) {
      print(facts, ended.metadata(), ended.signals(), ended.annotations(), ended.audit());
    }

    private void print(
        Map<String, Object> facts,
        Map<String, String> metadata,
        List<SessionSignal> signals,
        List<SessionAnnotation> annotations,
        List<SessionRefusal> audit) {
      if (output.isJson()) {
        facts.put("metadata", metadata);
        facts.put("latest_signals", signals.stream().map(SessionsCommand::shape).toList());
        facts.put("latest_annotations", annotations.stream().map(SessionsCommand::shape).toList());
        facts.put("audit", audit.stream().map(SessionsCommand::shape).toList());
        output.json(facts);
        return;
      }
      metadata.forEach((key, value) -> facts.put("metadata " + key, value));
      Facts.print(output, facts);
      var table = new Table(">position", "at", "what", ">entity", "how much");
      signals.forEach(s -> table.row(s.position(), s.at(), s.signal(), s.entity(), s.weight()));
      annotations.forEach(
          a ->
              table.row(
                  a.position(),
                  a.at(),
                  "said",
                  a.entity().map(EntityId::toString).orElse(""),
                  a.text()));
      audit.forEach(
          r ->
              table.row(
                  "",
                  r.at(),
                  r.reason().label(),
                  r.entity().map(EntityId::toString).orElse(""),
                  r.count()));
      table.print(output);
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Print sessions as JSON Lines, in the order of their start.",
        "At least one of the options but --signal and --limit is needed."
      },
      footer = {
        "",
        "Example:",
        "  tidal sessions export db/ --user 42 --since 2026-01-01T00:00:00Z"
      })
  static final class Export implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(
        names = "--user",
        paramLabel = "ID",
        converter = Moments.IdConverter.class,
        description = "Sessions of this user.")
    private @Nullable EntityId user;

    @Option(names = "--agent", paramLabel = "NAME", description = "Sessions with this agent.")
    private @Nullable String agent;

    @Option(names = "--policy", paramLabel = "NAME", description = "Sessions under this policy.")
    private @Nullable String policy;

    @Option(
        names = "--session",
        paramLabel = "ID",
        converter = Moments.IdConverter.class,
        description = "This session; may be repeated.")
    private List<EntityId> sessions = List.of();

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Sessions that started then or later, ISO-8601.")
    private @Nullable Instant since;

    @Option(
        names = "--until",
        paramLabel = "TIME",
        description = "Sessions that started before, ISO-8601.")
    private @Nullable Instant until;

    @Option(
        names = "--signal",
        paramLabel = "NAME",
        description = "Only signals of this name; may be repeated.")
    private List<String> signals = List.of();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100000",
        description = "Lines, 1 to 100000; else ${DEFAULT-VALUE}.")
    private int limit;

    @Spec private CommandSpec spec;
    @Mixin private Output output;

    @Override
    public void run() {
      var wanted =
          new SessionExport(
              Optional.ofNullable(user),
              Optional.ofNullable(agent),
              Optional.ofNullable(policy),
              ids(),
              Optional.ofNullable(since).map(Timestamp::of),
              Optional.ofNullable(until).map(Timestamp::of),
              Set.copyOf(signals),
              limit);
      try (var db = Stores.open(directory)) {
        var out = spec.commandLine().getOut();
        var exported = db.exportSessions(wanted, out);
        out.flush();
        if (!exported.complete()) {
          output.note("the limit ended the export: lines=" + exported.lines());
        }
      }
    }

    private Set<SessionId> ids() {
      return sessions.stream()
          .map(id -> SessionId.of(id.value()))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  private static long refusals(SessionSnapshot session) {
    return session.refusals().values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Object> shape(SessionSnapshot session) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("id", session.id().toString());
    facts.put("user", session.user().toString());
    facts.put("agent", session.agent());
    facts.put("policy", session.policy());
    facts.put("state", "running");
    facts.put("started", session.started().toString());
    facts.put("signals", session.signalCount());
    facts.put("refusals", refusals(session));
    return facts;
  }

  private static Map<String, Object> shape(SessionSummary session) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("id", session.id().toString());
    facts.put("user", session.user().toString());
    facts.put("agent", session.agent());
    facts.put("policy", session.policy());
    facts.put("state", session.reason().label());
    facts.put("started", session.started().toString());
    facts.put("ended", session.ended().toString());
    facts.put("signals", session.signals());
    facts.put("annotations", session.annotations());
    facts.put("refusals", session.refusals());
    return facts;
  }

  private static Map<String, Object> shape(SessionSignal signal) {
    return Map.of(
        "position", signal.position(),
        "at", signal.at().toString(),
        "signal", signal.signal(),
        "kind", signal.kind().name().toLowerCase(java.util.Locale.ROOT),
        "entity", signal.entity().toString(),
        "weight", signal.weight());
  }

  private static Map<String, Object> shape(SessionAnnotation said) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("position", said.position());
    facts.put("at", said.at().toString());
    said.entity().ifPresent(item -> facts.put("entity", item.toString()));
    facts.put("text", said.text());
    return facts;
  }

  private static Map<String, Object> shape(SessionRefusal refusal) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("at", refusal.at().toString());
    facts.put("reason", refusal.reason().label());
    facts.put("count", refusal.count());
    refusal.signal().ifPresent(name -> facts.put("signal", name));
    refusal.entity().ifPresent(item -> facts.put("entity", item.toString()));
    return facts;
  }
}
