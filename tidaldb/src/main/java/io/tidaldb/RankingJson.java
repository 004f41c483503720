package io.tidaldb;

import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.ranking.ExperimentJson;
import io.tidaldb.ranking.ProfileJson;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Profile;

/// Profiles, experiments and feedback policies as JSON: what lies in files and under version
/// control. Each is written in one canonical form and read strictly: a key that nobody knows is
/// refused by name.
public final class RankingJson {

  private RankingJson() {}

  /// The profile as JSON, without its version.
  public static String toJson(Profile profile) {
    return ProfileJson.toJson(profile);
  }

  /// The experiment as JSON.
  public static String toJson(Experiment experiment) {
    return ExperimentJson.toJson(experiment);
  }

  /// The policy as JSON.
  public static String toJson(FeedbackPolicy policy) {
    return FeedbackPolicyJson.toJson(policy);
  }

  /// Reads a profile.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the text is none
  public static Profile profile(String json) {
    return ProfileJson.fromJson(json);
  }

  /// Reads an experiment.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the text is none
  public static Experiment experiment(String json) {
    return ExperimentJson.fromJson(json);
  }

  /// Reads a feedback policy.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the text is none
  public static FeedbackPolicy feedbackPolicy(String json) {
    return FeedbackPolicyJson.fromJson(json);
  }
}
