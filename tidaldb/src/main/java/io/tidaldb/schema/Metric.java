package io.tidaldb.schema;

import java.util.Locale;

/// How near two vectors of an embedding slot are.
public enum Metric {
  /// The cosine of the angle between them; their lengths do not matter.
  COSINE,
  /// Their inner product.
  DOT_PRODUCT,
  /// 1 / (1 + d²) with d their distance.
  EUCLIDEAN;

  /// The name in schemas: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
