package io.tidaldb.query;

import io.tidaldb.ranking.Assignment;
import io.tidaldb.ranking.Mix;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Profile;
import io.tidaldb.schema.QueryStats.InExperiment;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Sort;
import io.tidaldb.schema.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Which profile ranks a query: the cursor's, the request's, its experiment's, or the first that
/// fits.
///
/// @param profiles one; both variants where an experiment interleaves
/// @param experiment the experiment and what it assigned
record ProfileChoice(List<Profile> profiles, Optional<InExperiment> experiment) {

  private static final long DAY_NANOS = 86_400_000_000_000L;

  ProfileChoice {
    profiles = List.copyOf(profiles);
  }

  /// @param at the query's time
  static ProfileChoice of(
      Retrieve request, People people, @Nullable Cursor cursor, long at, Sources sources) {
    var catalog = sources.profiles();
    if (cursor != null) {
      return pinned(request, cursor, catalog);
    }
    if (request.experiment().isPresent()) {
      return assigned(request, people, at, sources);
    }
    return new ProfileChoice(
        List.of(
            request.profile().isPresent()
                ? catalog.find(request.profile().get(), request.profileVersion())
                : catalog.find(first(request, people), OptionalInt.empty())),
        Optional.empty());
  }

  private static ProfileChoice pinned(Retrieve request, Cursor cursor, ProfileCatalog catalog) {
    boolean interleaved = cursor.profiles().size() > 1;
    return new ProfileChoice(
        cursor.profiles().stream().map(pin -> find(pin, catalog)).toList(),
        request.experiment().map(name -> new InExperiment(name, cursor.variant(), interleaved)));
  }

  private static Profile find(Cursor.Pin pin, ProfileCatalog catalog) {
    try {
      return catalog.find(pin.profile(), OptionalInt.of(pin.version()));
    } catch (NotFoundException e) {
      throw Cursor.expired(
          "the cursor's profile was dropped: profile=" + pin.profile() + "@" + pin.version(), e);
    }
  }

  private static ProfileChoice assigned(Retrieve request, People people, long at, Sources sources) {
    var experiment = sources.experiments().find(request.experiment().orElseThrow());
    boolean running = experiment.isRunning(Timestamp.ofNanos(at));
    boolean interleaved = running && experiment.mode() == Experiment.Mode.INTERLEAVE;
    int variant =
        !running || interleaved
            ? 0
            : Assignment.variant(experiment, unit(experiment, request, people, at));
    var catalog = sources.profiles();
    var shown = interleaved ? experiment.variants() : List.of(experiment.variants().get(variant));
    return new ProfileChoice(
        shown.stream().map(one -> catalog.find(one.profile(), one.version())).toList(),
        Optional.of(new InExperiment(experiment.name(), variant, interleaved)));
  }

  /// What keeps its variant; the request's seed where there is none.
  private static long unit(Experiment experiment, Retrieve request, People people, long at) {
    return switch (experiment.unit()) {
      case USER ->
          people.user().map(user -> user.value()).orElseGet(() -> seed(request, people, at));
      case SESSION ->
          request
              .session()
              .map(session -> session.value())
              .orElseGet(() -> seed(request, people, at));
    };
  }

  /// The request's seed. Who gives none gets something else every day, but the same all day.
  static long seed(Retrieve request, People people, long at) {
    return request
        .seed()
        .orElseGet(
            () -> people.user().map(user -> Mix.hash(at / DAY_NANOS, user.value())).orElse(0L));
  }

  /// The first that fits, where the request names none.
  private static String first(Retrieve request, People people) {
    if (request.sort().isPresent()) {
      return request.sort().get().label();
    }
    if (!request.seeds().isEmpty() || request.seedVector().isPresent()) {
      return "related";
    }
    if (request.creator().isPresent()) {
      return "creator_page";
    }
    if (request.cohort().isPresent()) {
      return "cohort_trending";
    }
    if (request.kind() == EntityKind.CREATOR) {
      return "creators_for_you";
    }
    return people.user().isPresent() ? "for_you" : Sort.TRENDING.label();
  }
}
