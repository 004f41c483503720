package io.tidaldb.schema;

/// When a write is answered. A write that shares a frame with a stronger one gets the stronger
/// level.
public enum Durability {
  /// When its frame is synced and applied; nothing is gathered behind it.
  IMMEDIATE,
  /// When the sync that covers its frame has returned and it is applied. The default.
  BATCHED,
  /// When its bytes were handed to the operating system; a sync follows within
  /// `relaxedSyncInterval`. A power cut may lose a suffix of what was answered; a process kill
  /// loses nothing.
  RELAXED
}
