package io.tidaldb.schema;

import java.util.List;

/// What a thorough check found.
///
/// @param segments log segments read
/// @param frames frames checked
/// @param events events decoded
/// @param pages checkpoint pages hashed
/// @param findings what is wrong; empty when all is well
public record Verification(
    int segments, long frames, long events, long pages, List<String> findings) {

  public Verification {
    findings = List.copyOf(findings);
  }

  /// Whether nothing was found.
  public boolean ok() {
    return findings.isEmpty();
  }
}
