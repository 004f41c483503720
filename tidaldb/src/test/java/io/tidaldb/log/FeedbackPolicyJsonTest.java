package io.tidaldb.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.FeedbackPolicy.Effect;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Meaning;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeedbackPolicyJsonTest {

  private static final String JSON =
      """
      {"version":2,"affinity_half_life":"PT48H",\
      "follow":{"preference":0.25,"evidence":1.0,"affinity":5.0},\
      "meanings":{"like":{"preference":0.5,"evidence":2.0,"affinity":1.0},\
      "skip":{"preference":0.0,"evidence":0.0,"affinity":-0.5}}}\
      """;

  @Test
  void thePolicyIsReadAndWrittenInOneForm() {
    var policy =
        new FeedbackPolicy(
            2,
            Map.of(Meaning.LIKE, new Effect(0.5, 2, 1), Meaning.SKIP, new Effect(-0.0, 0, -0.5)),
            new Effect(0.25, 1, 5),
            Duration.ofDays(2));
    assertThat(FeedbackPolicyJson.toJson(policy)).isEqualTo(JSON);
    assertThat(FeedbackPolicyJson.fromJson(JSON)).isEqualTo(policy);
    var standard = FeedbackPolicyJson.toJson(FeedbackPolicy.STANDARD);
    assertThat(FeedbackPolicyJson.fromJson(standard)).isEqualTo(FeedbackPolicy.STANDARD);
    assertThat(FeedbackPolicyJson.fromJson("{}").affinityHalfLife()).isEqualTo(Duration.ofDays(30));
    assertThat(FeedbackPolicyJson.fromJson("{}").effects()).isEmpty();
  }

  @Test
  void whatIsNoPolicyIsRefusedByName() {
    refused("{", "not JSON");
    refused(JSON.replace("follow", "unfollow"), "key=unfollow");
    refused(JSON.replace("evidence\":1", "n\":1"), "key=n");
    refused(JSON.replace("like", "likes"), "unknown meaning: given=likes");
    refused(JSON.replace("like", "impression"), "unknown meaning: given=impression");
    refused(JSON.replace("0.5,", "1.5,"), "of=like preference=1.5 allowed=-1…1");
    refused(JSON.replace("2.0", "101"), "of=like evidence=101.0 allowed=0…100");
    refused(JSON.replace("-0.5", "-101"), "of=skip affinity=-101.0 allowed=-100…100");
    refused(JSON.replace("0.25", "0"), "evidence without a preference above 0: of=follow");
    refused(JSON.replace("PT48H", "PT59M"), "half-life out of range: given=PT59M");
    refused(JSON.replace("PT48H", "P3651D"), "half-life out of range");
    refused(JSON.replace("PT48H", "PT48.5S"), "half-life out of range");
    refused(JSON.replace("PT48H", "2d"), "a span like PT720H: given=2d");
    refused(JSON.replace(":2,", ":2.5,"), "version that is none: given=2.5");
  }

  private static void refused(String json, String why) {
    assertThat(FeedbackPolicyJson.parse(json)).isNull();
    assertThatThrownBy(() -> FeedbackPolicyJson.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(why)
        .extracting("code")
        .isEqualTo("FEEDBACK_POLICY_INVALID");
  }
}
