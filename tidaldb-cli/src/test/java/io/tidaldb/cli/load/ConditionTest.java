package io.tidaldb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

  private static final String ROW =
      "{\"rating\": 4.0, \"kind\": \"answer\", \"tags\": [\"a\", \"b\"], \"closed\": null}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{}                                  # true",
        "{\"rating\": 4}                     # true",
        "{\"rating\": \"4\"}                 # false",
        "{\"rating\": {\">=\": 4}}           # true",
        "{\"rating\": {\">\": 4}}            # false",
        "{\"rating\": {\"<\": 4.5, \"!=\": 3}} # true",
        "{\"rating\": {\"<=\": 3.9}}         # false",
        "{\"kind\": \"answer\"}              # true",
        "{\"kind\": [\"answer\", \"note\"]}  # true",
        "{\"kind\": {\"in\": [\"note\"]}}    # false",
        "{\"kind\": {\"<\": \"b\"}}          # true",
        "{\"tags\": [\"b\"]}                 # true",
        "{\"tags\": [\"c\"]}                 # false",
        "{\"closed\": {\"exists\": false}}   # true",
        "{\"kind\": {\"exists\": false}}     # false",
        "{\"closed\": {\"!=\": \"x\"}}       # false",
        "{\"kind\": \"answer\", \"rating\": 5} # false",
      })
  void everyTestMustPass(String condition, boolean passes) throws BadRowException {
    assertThat(Condition.of(Node.parse(condition)).passes(JsonRow.parse(1, ROW))).isEqualTo(passes);
  }

  @Test
  void aTextIsNoNumber() {
    assertThatThrownBy(
            () -> Condition.of(Node.parse("{\"kind\": {\">\": 1}}")).passes(JsonRow.parse(1, ROW)))
        .isInstanceOf(BadRowException.class)
        .hasMessage("not a number: column=kind given=answer");
  }
}
