package io.tidaldb.testing;

import java.nio.ByteBuffer;

/// The smallest thing that a power cut keeps or loses, independently of every other.
sealed interface PendingUnit {

  /// A change inside a file, made durable by syncing the file.
  sealed interface Data extends PendingUnit {
    SimulatedFile file();
  }

  /// A whole sector as it was after a write. The later of two kept ones wins.
  record Sector(SimulatedFile file, int offset, ByteBuffer content) implements Data {
    @Override
    public String toString() {
      return "sector@" + offset + "+" + content.remaining();
    }
  }

  /// A new size, larger after a write, any after a truncate.
  record Size(SimulatedFile file, int size, boolean cut) implements Data {
    @Override
    public String toString() {
      return (cut ? "cut@" : "grow@") + size;
    }
  }

  /// A change of a directory, made durable by syncing the directory.
  sealed interface Entry extends PendingUnit {
    String name();
  }

  /// A new file.
  record Link(String name, SimulatedFile file) implements Entry {
    @Override
    public String toString() {
      return "create " + name;
    }
  }

  /// A deleted name.
  record Unlink(String name, SimulatedFile file) implements Entry {
    @Override
    public String toString() {
      return "delete " + name;
    }
  }

  /// A rename, atomic.
  record Move(String from, String name, SimulatedFile file) implements Entry {
    @Override
    public String toString() {
      return "rename " + from + " to " + name;
    }
  }

  /// A new directory.
  record Directory(String name) implements Entry {
    @Override
    public String toString() {
      return "mkdir " + name;
    }
  }
}
