package io.tidaldb.disk;

import io.tidaldb.schema.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;

/// What the holder of a directory says about itself, in `OWNER`: information for people, never
/// trusted.
final class Owner {

  private static final int TEXT_BYTES_MAX = 1024;

  private Owner() {}

  static String pid() {
    return "pid=" + ProcessHandle.current().pid();
  }

  static String describe(Instant started) {
    return pid() + " host=" + host() + " started=" + started;
  }

  static void write(Path directory, String owner) {
    Path path = directory.resolve(StorePaths.OWNER);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS),
            OwnerOnly.file(path))) {
      ByteBuffer text = ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8));
      while (text.hasRemaining()) {
        channel.write(text);
      }
    } catch (IOException e) {
      throw new StorageException("write owner", path.toString(), NoSpace.outcome(e), e);
    }
  }

  /// The text, or that there is none: never a reason to fail.
  static String read(Path directory) {
    Path path = directory.resolve(StorePaths.OWNER);
    try (SeekableByteChannel channel =
        Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES_MAX);
      int read = 0;
      while (text.hasRemaining() && read >= 0) {
        read = channel.read(text);
      }
      String owner = StandardCharsets.UTF_8.decode(text.flip()).toString();
      // Anyone may have written the file; a line feed in it must not forge a line of a log.
      return owner.isBlank() ? "unknown" : owner.strip().replaceAll("\\p{Cntrl}", "?");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
