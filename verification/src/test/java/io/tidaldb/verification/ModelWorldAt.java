package io.tidaldb.verification;

import io.tidaldb.testing.ModelWorld;
import io.tidaldb.testing.Scripts;
import io.tidaldb.testing.Step;
import java.util.List;

/// The naive world after a script.
final class ModelWorldAt {

  private ModelWorldAt() {}

  static ModelWorld of(List<Step> script) {
    return ModelWorld.of(MatrixRun.SCHEMA, Scripts.EDGES, Scripts.START, script);
  }
}
