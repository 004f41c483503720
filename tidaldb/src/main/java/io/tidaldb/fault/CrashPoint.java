package io.tidaldb.fault;

/// A named place where a test may stop the world. The names are stable.
public enum CrashPoint {
  /// The frame is synced; no view has applied it.
  WAL_PRE_AGGREGATE,
  /// All views have applied the frame; callers are not answered.
  WAL_POST_AGGREGATE,
  /// The dirty pages are shadowed; the switch batch is not written.
  CHECKPOINT_PRE_FLUSH,
  /// The switch batch is durable; the log is not cut.
  CHECKPOINT_POST_FLUSH,
  /// A decayed score has changed; the window buckets have not.
  SIGNAL_AGGREGATION_UPDATE,
  /// The global signal view has applied an event; the cohort view has not.
  COHORT_LEDGER_UPDATE,
  /// A collection's row has changed; its index or count has not.
  COLLECTION_INDEX_UPDATE,
  /// One direction of an edge is written, the other is not, and an eviction is pending.
  CO_ENGAGEMENT_UPDATE
}
