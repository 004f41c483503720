package io.tidaldb.engine;

import io.tidaldb.log.Event;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.ranking.ExperimentJson;
import io.tidaldb.schema.Experiment;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.IdempotencyKey;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Receipt;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Writes that change how feeds are ranked. Rare, so each is settled: nothing is pending when it is
/// looked at.
sealed interface RankingDrafts extends Draft.SurfaceDraft {

  @Override
  default boolean settled() {
    return true;
  }

  @Override
  default @Nullable IdempotencyKey key() {
    return null;
  }

  /// An experiment, in the place of one of its name.
  ///
  /// @param saved takes it with the versions that its variants got
  record Save(Experiment experiment, AtomicReference<Experiment> saved) implements RankingDrafts {

    @Override
    public int sizeBytes() {
      return 3 * ExperimentJson.toJson(experiment).length() + 256;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var views = scene.views();
      views.experiments().requireRoom(experiment.name());
      var profiles = views.profiles().catalog();
      var pinned =
          experiment.withVariants(
              experiment.variants().stream()
                  .map(
                      variant ->
                          new Experiment.Variant(
                              variant.profile(),
                              OptionalInt.of(
                                  profiles.find(variant.profile(), variant.version()).version()),
                              variant.share()))
                  .toList());
      saved.set(pinned);
      if (views.experiments().catalog().all().contains(pinned)) {
        return Scene.nothing();
      }
      return scene.append(
          new RankingEvent.ExperimentSaved(
              scene.receiveNanos(), pinned.name(), ExperimentJson.toJson(pinned), null));
    }
  }

  /// The end of an experiment.
  record Drop(String name) implements RankingDrafts {

    @Override
    public int sizeBytes() {
      return 128;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var known = scene.views().experiments().catalog().find(name);
      return scene.append(
          new RankingEvent.ExperimentDropped(scene.receiveNanos(), known.name(), null));
    }
  }

  /// What signals teach about users from here on.
  ///
  /// @param saved takes it with its version
  record SavePolicy(FeedbackPolicy policy, AtomicReference<FeedbackPolicy> saved)
      implements RankingDrafts {

    @Override
    public int sizeBytes() {
      return 3 * FeedbackPolicyJson.toJson(policy).length() + 128;
    }

    @Override
    public Receipt resolve(Scene scene) {
      var known = scene.views().userStates().policy();
      if (known.equals(policy.withVersion(known.version()))) {
        saved.set(known);
        return Scene.nothing();
      }
      saved.set(policy.withVersion(known.version() + 1));
      return scene.append(
          new RankingEvent.FeedbackPolicySaved(
              scene.receiveNanos(), FeedbackPolicyJson.toJson(saved.get()), null));
    }
  }

  /// The end of a profile's version, unless an experiment names it.
  record DropProfile(String name, int version) implements RankingDrafts {

    @Override
    public int sizeBytes() {
      return 128;
    }

    @Override
    public Receipt resolve(Scene scene) {
      scene.views().profiles().requireDroppable(name, version);
      var user = scene.views().experiments().catalog().naming(name, version);
      if (user.isPresent()) {
        throw new InvalidRequestException(
            "PROFILE_IN_USE",
            "an experiment names this version of the profile: profile="
                + name
                + "@"
                + version
                + " experiment="
                + user.get().name()
                + "; drop the experiment first");
      }
      return scene.append(new Event.ProfileDropped(scene.receiveNanos(), version, name, null));
    }
  }
}
