package io.tidaldb.disk;

import java.nio.ByteBuffer;

/// An open file of a [Volume]: positional, explicit.
public interface VolumeFile extends AutoCloseable {

  /// Writes all remaining bytes at an offset; loops over short writes.
  void write(ByteBuffer bytes, long offset);

  /// Reads until the buffer is full or the file ends; returns how many bytes were read, 0 at or
  /// after the end.
  int read(ByteBuffer bytes, long offset);

  /// Makes data (and size; with `metadata` all of the inode) durable. The name needs
  /// [Volume#syncDirectory].
  void sync(boolean metadata);

  /// Cuts or extends the file to a size; new bytes are zero.
  void truncate(long size);

  /// The size in bytes.
  long size();

  @Override
  void close();
}
