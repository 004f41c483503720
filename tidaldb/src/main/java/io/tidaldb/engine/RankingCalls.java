package io.tidaldb.engine;

import io.tidaldb.ranking.ExperimentJson;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.FeedbackPolicy;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// What can be asked and told of a database about how it ranks, beside profiles.
///
/// **Threads.** Any; reads never wait for the writer.
public final class RankingCalls {

  private final Engine engine;
  private final Views views;

  RankingCalls(Engine engine, Views views) {
    this.engine = engine;
    this.views = views;
  }

  /// Saves an experiment and returns it with the versions that its variants have.
  public Experiment saveExperiment(Experiment experiment) {
    ExperimentJson.check(experiment);
    var saved = new AtomicReference<>(experiment);
    var _ = engine.write(new RankingDrafts.Save(experiment, saved));
    return saved.get();
  }

  /// Drops an experiment.
  public void dropExperiment(String name) {
    var _ = engine.write(new RankingDrafts.Drop(name));
  }

  /// Saves what signals teach and returns it with its version.
  public FeedbackPolicy saveFeedbackPolicy(FeedbackPolicy policy) {
    var checked = policy.checked();
    var saved = new AtomicReference<>(checked);
    var _ = engine.write(new RankingDrafts.SavePolicy(checked, saved));
    return saved.get();
  }

  /// What signals teach.
  public FeedbackPolicy feedbackPolicy() {
    return engine.reading(() -> views.userStates().policy());
  }

  /// Every experiment, sorted by name.
  public List<Experiment> experiments() {
    return engine.reading(() -> views.experiments().catalog().all());
  }
}
