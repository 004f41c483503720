package io.tidaldb.relation;

import io.tidaldb.ledger.ForwardDecay;
import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.schema.FeedbackPolicy;

/// What signals mean and what they teach. Immutable. As text: that of [Meanings], then, after a
/// line end, the feedback policy as JSON, unless it is the standard.
///
/// @param decay of affinities, as the policy says
record Rules(Meanings meanings, FeedbackPolicy policy, ForwardDecay decay) {

  static final Rules NONE = of(Meanings.NONE, FeedbackPolicy.STANDARD);

  private static Rules of(Meanings meanings, FeedbackPolicy policy) {
    return new Rules(meanings, policy, new ForwardDecay(policy.affinityHalfLife().toNanos()));
  }

  /// The same under other meanings.
  Rules with(Meanings newMeanings) {
    return new Rules(newMeanings, policy, decay);
  }

  /// The same under another policy; under what cannot be read, as they are.
  Rules with(RankingEvent.FeedbackPolicySaved saved) {
    var read = FeedbackPolicyJson.parse(saved.json());
    return read == null ? this : of(meanings, read);
  }

  /// Whether affinities decay differently.
  boolean decaysAs(Rules other) {
    return decay.halfLifeNanos() == other.decay.halfLifeNanos();
  }

  boolean isStandard() {
    return policy.equals(FeedbackPolicy.STANDARD);
  }

  String text() {
    return isStandard()
        ? meanings.text()
        : meanings.text() + "\n" + FeedbackPolicyJson.toJson(policy);
  }

  /// What [#text] said.
  ///
  /// @throws IllegalArgumentException if it is no such text
  static Rules parse(String text) {
    int end = text.indexOf('\n');
    if (end < 0) {
      return NONE.with(Meanings.parse(text));
    }
    var policy = FeedbackPolicyJson.parse(text.substring(end + 1));
    if (policy == null) {
      throw new IllegalArgumentException("the feedback policy is damaged: text=" + text);
    }
    return of(Meanings.parse(text.substring(0, end)), policy);
  }
}
