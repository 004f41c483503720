package io.tidaldb.disk;

import io.tidaldb.schema.StorageException;
import io.tidaldb.schema.StorageException.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// An open file of a [DiskVolume].
///
/// **Threads.** As the channel below it: positional calls from several threads do not disturb each
/// other.
final class DiskFile implements VolumeFile {

  private final FileChannel channel;
  private final Path path;
  private final boolean writable;
  private volatile boolean closed;

  DiskFile(FileChannel channel, Path path, boolean writable) {
    this.channel = channel;
    this.path = path;
    this.writable = writable;
  }

  @Override
  public void write(ByteBuffer bytes, long offset) {
    checkWritable();
    int start = bytes.position();
    try {
      while (bytes.hasRemaining()) {
        int written = channel.write(bytes, offset + (bytes.position() - start));
        if (written <= 0) {
          throw new IOException("the disk took no bytes and gave no reason");
        }
      }
    } catch (IOException e) {
      boolean nothing = bytes.position() == start;
      throw failure("write", nothing ? NoSpace.outcome(e) : Outcome.UNKNOWN, e);
    }
  }

  @Override
  public int read(ByteBuffer bytes, long offset) {
    checkOpen();
    int start = bytes.position();
    try {
      while (bytes.hasRemaining()) {
        int read = channel.read(bytes, offset + (bytes.position() - start));
        if (read < 0) {
          break;
        }
        if (read == 0) {
          throw new IOException("the disk gave no bytes and no reason");
        }
      }
    } catch (IOException e) {
      throw failure("read", Outcome.NOT_WRITTEN, e);
    }
    return bytes.position() - start;
  }

  @Override
  public void sync(boolean metadata) {
    checkWritable();
    try {
      channel.force(metadata);
    } catch (IOException e) {
      // Even "no space": the kernel may have dropped pages that were written before.
      throw failure("sync", Outcome.UNKNOWN, e);
    }
  }

  @Override
  public void truncate(long size) {
    checkWritable();
    try {
      if (size <= channel.size()) {
        channel.truncate(size);
        return;
      }
      // The JDK only cuts; a byte at the new end extends, and everything before it reads as zero.
      channel.write(ByteBuffer.allocate(1), size - 1);
    } catch (IOException e) {
      throw failure("truncate", NoSpace.outcome(e), e);
    }
  }

  @Override
  public long size() {
    checkOpen();
    try {
      return channel.size();
    } catch (IOException e) {
      throw failure("size", Outcome.NOT_WRITTEN, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw failure("close", Outcome.UNKNOWN, e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("file is closed: path=" + path);
    }
  }

  private void checkWritable() {
    checkOpen();
    if (!writable) {
      throw new IllegalStateException("file was opened for reading: path=" + path);
    }
  }

  private StorageException failure(String operation, Outcome outcome, IOException cause) {
    return new StorageException(operation, path.toString(), outcome, cause);
  }
}
