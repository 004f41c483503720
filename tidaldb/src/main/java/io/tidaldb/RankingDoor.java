package io.tidaldb;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.engine.Engine;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.FeedbackPolicy;
import java.util.List;

/// The calls about how feeds are ranked, beside profiles.
abstract class RankingDoor extends VectorDoor {

  RankingDoor(Engine engine) {
    super(engine);
  }

  /// Saves an experiment in the place of one of its name, and returns it with the versions that its
  /// variants have from now on. Requests take part by `Retrieve.experiment(name)`.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if it breaks a rule of experiments
  /// @throws io.tidaldb.schema.NotFoundException if it names a profile that does not exist
  @CanIgnoreReturnValue
  public Experiment saveExperiment(Experiment experiment) {
    return engine.ranking().saveExperiment(experiment);
  }

  /// Drops an experiment; versions of profiles that it named may be dropped then.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there is none of this name
  public void dropExperiment(String name) {
    engine.ranking().dropExperiment(name);
  }

  /// Saves what signals teach about users, for every signal from here on, and returns it with its
  /// version. Under another half-life each affinity goes on from what it is now.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if it breaks a rule of policies
  @CanIgnoreReturnValue
  public FeedbackPolicy saveFeedbackPolicy(FeedbackPolicy policy) {
    return engine.ranking().saveFeedbackPolicy(policy);
  }

  /// What signals teach about users now; [FeedbackPolicy#STANDARD] if nothing was saved.
  public FeedbackPolicy feedbackPolicy() {
    return engine.ranking().feedbackPolicy();
  }

  /// Every experiment, sorted by name.
  public List<Experiment> experiments() {
    return engine.ranking().experiments();
  }
}
