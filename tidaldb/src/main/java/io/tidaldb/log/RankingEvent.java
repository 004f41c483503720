package io.tidaldb.log;

import io.tidaldb.schema.IdempotencyKey;
import org.jspecify.annotations.Nullable;

/// What changes how feeds are ranked, beside profiles.
public sealed interface RankingEvent extends Event {

  /// `0x62`: an experiment of this name assigns from here on, in the place of an earlier one.
  ///
  /// @param json its canonical JSON; its variants name versions of profiles
  record ExperimentSaved(long time, String name, String json, @Nullable IdempotencyKey key)
      implements RankingEvent {}

  /// `0x64`: what signals teach about users from here on.
  ///
  /// @param json its canonical JSON, with its version
  record FeedbackPolicySaved(long time, String json, @Nullable IdempotencyKey key)
      implements RankingEvent {}

  /// `0x63`: an experiment is gone.
  record ExperimentDropped(long time, String name, @Nullable IdempotencyKey key)
      implements RankingEvent {}
}
