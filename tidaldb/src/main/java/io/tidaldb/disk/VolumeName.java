package io.tidaldb.disk;

import java.nio.charset.StandardCharsets;

/// The rules for a name inside a [Volume]: relative, `/` between parts, never able to leave the
/// root.
public final class VolumeName {

  /// The root directory itself.
  public static final String ROOT = "";

  private static final int PART_BYTES_MAX = 255;

  private VolumeName() {}

  /// Checks the name of a file.
  ///
  /// @throws IllegalArgumentException if it could leave the root or is no name on some file system
  public static String file(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a file needs a name");
    }
    for (String part : name.split("/", -1)) {
      checkPart(name, part);
    }
    return name;
  }

  /// Checks the name of a directory; the empty name is the root.
  ///
  /// @throws IllegalArgumentException if it could leave the root or is no name on some file system
  public static String directory(String name) {
    return name.isEmpty() ? name : file(name);
  }

  /// The directory that holds a name; the root for a name of one part.
  public static String parent(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? ROOT : name.substring(0, slash);
  }

  /// The last part of a name.
  public static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /// The name of something inside a directory.
  public static String in(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  private static void checkPart(String name, String part) {
    boolean refused = part.isEmpty() || part.equals(".") || part.equals("..");
    for (int i = 0; i < part.length() && !refused; i++) {
      char c = part.charAt(i);
      // A backslash separates and a colon names a drive or stream on some file systems.
      refused = c < ' ' || c == '\\' || c == ':' || c == 0x7f;
    }
    if (refused || part.getBytes(StandardCharsets.UTF_8).length > PART_BYTES_MAX) {
      throw new IllegalArgumentException("no name inside a volume: name=" + printable(name));
    }
  }

  /// A refused name may hold line feeds; a message must not.
  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
