package io.tidaldb.schema;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Builds a [Schema]: `new SchemaBuilder().signal(…)….add()….build()`.
public final class SchemaBuilder {

  /// Checks everything and returns the schema.
  ///
  /// @throws SchemaException with every violation
  public Schema build() {
    return new Schema(new TreeMap<>(), Map.of(), Set.of());
  }
}
