package io.tidaldb.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/// The version in the jar's manifest, and the Java that runs it.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    var version = Tidal.class.getPackage().getImplementationVersion();
    return new String[] {
      "tidal " + Objects.requireNonNullElse(version, "(not packaged)"),
      "java " + Runtime.version() + " on " + System.getProperty("os.arch")
    };
  }
}
