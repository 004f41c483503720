package io.tidaldb.cli;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.Diversity;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Filter;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.NotificationCaps;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionId;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say what is asked, on the command line and in the shell.
public final class RetrieveOptions {

  @Option(
      names = "--profile",
      paramLabel = "NAME[@VERSION]",
      description = "Rank by this profile; else trending.")
  private @Nullable String profile;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Rank by the profile that this experiment assigns.")
  private @Nullable String experiment;

  @Option(
      names = "--sort",
      paramLabel = "MODE",
      completionCandidates = Names.Sorts.class,
      description = "Order by this mode instead: ${COMPLETION-CANDIDATES}.")
  private @Nullable String sort;

  @Option(
      names = "--window",
      paramLabel = "SPAN",
      completionCandidates = Names.Windows.class,
      description = "The window of windowed orders: ${COMPLETION-CANDIDATES}.")
  private @Nullable String window;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description = {
        "Only what fits; may be repeated. category=jazz, tags!=nft|dao, duration<10m,",
        "created>=2021-06-01, creator=17, 'view.count(24h)>=100', 'view.decayed>3'"
      })
  private List<String> where = new ArrayList<>();

  @Option(names = "--tag", paramLabel = "TAG", description = "Only with this tag; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = "--created-within",
      paramLabel = "SPAN",
      description = "Only what is not older, for example 7d.")
  private @Nullable String createdWithin;

  @Option(
      names = "--at",
      paramLabel = "MOMENT",
      description = {
        "As of this moment or this day's begin (UTC); 'end' is the newest event's. Live state",
        "answers from an hour before the newest event on."
      })
  private @Nullable String at;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "Hits, 1 to 1000; else ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--cursor",
      paramLabel = "TEXT",
      description = "The page after the one that gave this cursor.")
  private @Nullable String cursor;

  @Option(
      names = "--newer-than",
      paramLabel = "TEXT",
      description = "Only what came before the first page that gave this cursor.")
  private @Nullable String newerThan;

  @Option(names = "--seed", paramLabel = "N", description = "Seeds shuffles.")
  private @Nullable Long seed;

  @Option(
      names = "--user",
      paramLabel = "ID",
      converter = Moments.IdConverter.class,
      description = "For this user: without what the user hid, blocked or muted.")
  private @Nullable EntityId user;

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "In this running session; alone it says the user.")
  private @Nullable String session;

  @Option(
      names = "--cohort",
      paramLabel = "NAME",
      description = "By what this cohort's members do.")
  private @Nullable String cohort;

  @Option(
      names = "--creator",
      paramLabel = "ID",
      converter = Moments.IdConverter.class,
      description = "Only items of this creator.")
  private @Nullable EntityId creator;

  @Option(
      names = "--related",
      paramLabel = "ID",
      split = ",",
      description = "Like these items, 1 to 10.")
  private List<String> related = new ArrayList<>();

  @Option(
      names = "--in-collection",
      paramLabel = "ID",
      description = "Only members of this collection.")
  private @Nullable String collection;

  @Option(
      names = "--only",
      paramLabel = "STATE",
      split = ",",
      completionCandidates = Names.States.class,
      description = "Only what is, for the user: ${COMPLETION-CANDIDATES}.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "ID", split = ",", description = "Without these items.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--diversity",
      paramLabel = "LIMIT=VALUE",
      split = ",",
      description =
          "Limits how alike neighbours are, for example max_per_creator=2,format_mix=0.6;"
              + " none=0 for no limits, whatever the profile says.")
  private Map<String, Double> diversity = new LinkedHashMap<>();

  @Option(
      names = "--explore",
      paramLabel = "SHARE",
      description =
          "Draws this share of hits, 0 to 0.5, from what is new and hardly shown yet; 0 for none,"
              + " whatever the profile says.")
  private @Nullable Double explore;

  @Option(
      names = "--caps",
      paramLabel = "CAP=VALUE",
      split = ",",
      description =
          "Gives no more than may still be sent to the user in 24 hours, for example"
              + " per_creator=2,total=10; none=0 for any, whatever the profile says.")
  private Map<String, Double> caps = new LinkedHashMap<>();

  @Option(
      names = "--explain",
      description = "Show the parts of every score and what the query did.")
  private boolean explain;

  /// Whether explanations are wanted.
  public boolean explain() {
    return explain;
  }

  /// Whether the query says when.
  boolean isDated() {
    return at != null || cursor != null || newerThan != null;
  }

  /// The request that the options say.
  ///
  /// @param newest gives the time of the newest event
  public Retrieve request(Schema schema, Supplier<Optional<Timestamp>> newest) {
    @Var var request = ranked(scoped(Retrieve.items().limit(limit))).filter(filter(schema));
    request = window == null ? request : request.window(window(window));
    request = at == null ? request : request.at(moment(at, newest));
    request = cursor == null ? request : request.after(cursor);
    request = newerThan == null ? request : request.newerThan(newerThan);
    request = seed == null ? request : request.seed(seed);
    request = explore == null ? request : request.explore(explore);
    request = caps.isEmpty() ? request : request.caps(caps());
    request = diversity.isEmpty() ? request : request.diversity(limits());
    return exclude.isEmpty()
        ? request
        : request.exclude(exclude.stream().map(EntityId::parse).toList());
  }

  private NotificationCaps caps() {
    return caps.keySet().equals(Set.of("none")) ? NotificationCaps.NONE : NotificationCaps.of(caps);
  }

  private Diversity limits() {
    return diversity.keySet().equals(Set.of("none")) ? Diversity.NONE : Diversity.of(diversity);
  }

  private Retrieve scoped(Retrieve asked) {
    @Var var request = user == null ? asked : asked.forUser(user);
    request =
        session == null
            ? request
            : request.forSession(SessionId.of(EntityId.parse(session).value()));
    request = cohort == null ? request : request.forCohort(cohort);
    request = creator == null ? request : request.forCreator(creator);
    return related.isEmpty()
        ? request
        : request.similarTo(related.stream().map(EntityId::parse).toArray(EntityId[]::new));
  }

  private Retrieve ranked(Retrieve request) {
    var ranked = sort == null ? request : request.sortBy(sort(sort));
    if (experiment != null && profile != null) {
      throw invalid("--profile and --experiment exclude each other: given both");
    }
    if (profile == null) {
      return experiment == null ? ranked : ranked.experiment(experiment);
    }
    var at = profile.indexOf('@');
    if (at < 0) {
      return ranked.profile(profile);
    }
    try {
      return ranked.profile(profile.substring(0, at), Integer.parseInt(profile.substring(at + 1)));
    } catch (NumberFormatException e) {
      throw invalid("profile version is not a number: given=" + profile);
    }
  }

  private Filter filter(Schema schema) {
    var parts = new ArrayList<Filter>();
    where.forEach(text -> parts.add(Where.parse(text, schema)));
    if (!tags.isEmpty()) {
      parts.add(Filter.field("tags").hasAll(tags.stream().distinct().toArray(String[]::new)));
    }
    if (collection != null) {
      parts.add(Filter.inCollection(CollectionId.of(EntityId.parse(collection).value())));
    }
    only.forEach(name -> parts.add(Names.state(name)));
    if (createdWithin != null) {
      try {
        parts.add(Filter.field("created").within(Spans.parse(createdWithin)));
      } catch (DateTimeParseException e) {
        throw invalid("not a span like 7d: given=" + createdWithin);
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  static Timestamp moment(String text, Supplier<Optional<Timestamp>> newest) {
    if (text.equals("end")) {
      return newest.get().orElseThrow(() -> invalid("--at end: there is no event yet"));
    }
    try {
      return Timestamp.of(
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
              : Instant.parse(text));
    } catch (DateTimeException e) {
      throw invalid("not a moment: given=" + text + " wanted=end, 2021-06-01 or …T12:00:00Z");
    }
  }

  private static Sort sort(String label) {
    for (var mode : Sort.values()) {
      if (mode.label().equals(label)) {
        return mode;
      }
    }
    throw invalid("no such sort mode: given=" + label + " known=" + Names.sorts());
  }

  private static Window window(String label) {
    return Window.ofLabel(label)
        .orElseThrow(() -> invalid("no such window: given=" + label + " known=" + Names.windows()));
  }

  private static InvalidRequestException invalid(String message) {
    return new InvalidRequestException("OPTION_INVALID", message);
  }
}
