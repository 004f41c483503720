package io.tidaldb.ranking;

import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.NotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Every experiment at one position, by name. Immutable.
public final class ExperimentCatalog {

  private static final ExperimentCatalog EMPTY = new ExperimentCatalog(new TreeMap<>());

  private final SortedMap<String, Experiment> experiments;

  private ExperimentCatalog(SortedMap<String, Experiment> experiments) {
    this.experiments = experiments;
  }

  /// No experiment.
  public static ExperimentCatalog empty() {
    return EMPTY;
  }

  /// These.
  static ExperimentCatalog of(SortedMap<String, Experiment> experiments) {
    return new ExperimentCatalog(new TreeMap<>(experiments));
  }

  /// The experiment of this name.
  ///
  /// @throws NotFoundException if there is none; it suggests names that exist
  public Experiment find(String name) {
    var found = experiments.get(name);
    if (found == null) {
      throw new NotFoundException(
          "experiment", name, NearNames.advice(name, experiments.keySet(), "save it first"));
    }
    return found;
  }

  /// All of them, sorted by name.
  public List<Experiment> all() {
    return List.copyOf(experiments.values());
  }

  /// An experiment that names this version of a profile.
  public Optional<Experiment> naming(String profile, int version) {
    return experiments.values().stream()
        .filter(
            experiment ->
                experiment.variants().stream()
                    .anyMatch(
                        variant ->
                            variant.profile().equals(profile)
                                && variant.version().orElse(0) == version))
        .findFirst();
  }
}
