package io.tidaldb.ranking;

import io.tidaldb.log.Event;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.Profile;
import java.util.TreeMap;

/// Catalogs for tests.
public final class Catalogs {

  private Catalogs() {}

  /// The built-in profiles and these, each saved as the next version of its name.
  public static ProfileCatalog with(Profile... profiles) {
    var view = new Profiles();
    long position = 0;
    for (var profile : profiles) {
      int version = view.nextVersion(profile.name());
      view.apply(
          ++position,
          new Event.ProfileSaved(0, version, profile.name(), ProfileJson.toJson(profile), null));
    }
    view.publish(position);
    return view.catalog();
  }

  /// These experiments.
  public static ExperimentCatalog experiments(Experiment... experiments) {
    var known = new TreeMap<String, Experiment>();
    for (var experiment : experiments) {
      known.put(experiment.name(), experiment);
    }
    return ExperimentCatalog.of(known);
  }
}
