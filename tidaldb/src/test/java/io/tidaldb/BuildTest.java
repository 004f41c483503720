package io.tidaldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BuildTest {

  @Test
  void testsRunWithAssertionsOn() {
    assertThat(BuildTest.class.desiredAssertionStatus()).isTrue();
  }

  @Test
  void theBuildTellsTestsWhereTheRepositoryIs() {
    assertThat(Files.exists(Path.of(System.getProperty("tidal.root"), "LICENSE"))).isTrue();
  }
}
