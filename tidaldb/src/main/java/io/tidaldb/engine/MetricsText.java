package io.tidaldb.engine;

import io.tidaldb.relation.Relations;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.RelationType;

/// The engine's numbers in the text format of Prometheus; every name starts with `tidaldb_`.
final class MetricsText {

  private final StringBuilder text = new StringBuilder();

  private MetricsText() {}

  static String of(EngineParts parts, Writer writer, WriteQueue queue, Maintenance maintenance) {
    var out = new MetricsText();
    var meters = parts.meters();
    out.gauge("tidaldb_health_ok", writer.failure() == null ? 1 : 0);
    out.gauge("tidaldb_position_appended", parts.journal().lastPosition());
    out.gauge("tidaldb_position_durable", parts.journal().durablePosition());
    out.gauge("tidaldb_position_applied", writer.appliedPosition());
    out.gauge("tidaldb_queue_events", queue.events());
    out.gauge("tidaldb_queue_bytes", queue.bytes());
    maintenance
        .checkpointer()
        .ifPresent(
            checkpointer -> {
              out.gauge("tidaldb_checkpoint_position", checkpointer.position());
              out.gauge("tidaldb_checkpoint_generation", checkpointer.generation());
              maintenance
                  .log()
                  .ifPresent(
                      log -> {
                        out.gauge("tidaldb_log_bytes", log.bytes());
                        out.gauge("tidaldb_log_segments", log.segments());
                        out.gauge(
                            "tidaldb_log_bytes_behind_checkpoint",
                            log.bytesBehind(checkpointer.position()));
                      });
            });
    for (var kind : EntityKind.values()) {
      out.text
          .append("tidaldb_entities{kind=\"")
          .append(Admission.label(kind))
          .append("\"} ")
          .append(parts.views().entityIndex().liveCount(kind))
          .append('\n');
    }
    out.relations(parts.views().relations());
    out.gauge("tidaldb_collections", parts.views().collections().reader().count());
    out.gauge("tidaldb_cohorts", parts.views().cohorts().definitions().count());
    out.gauge("tidaldb_cohort_pairs", parts.views().cohorts().pairs());
    out.counter("tidaldb_cohort_attributions_total", parts.views().cohorts().attributions());
    out.gauge("tidaldb_signal_pairs", parts.views().signals().pairs());
    out.gauge("tidaldb_signal_bytes", parts.views().signals().bytes());
    out.counter("tidaldb_erasures_total", parts.views().erasures().count());
    out.gauge("tidaldb_coengagement_edges", parts.views().coEngagement().edgeCount());
    out.counter("tidaldb_coengagement_evictions_total", parts.views().coEngagement().evictions());
    out.counter("tidaldb_events_total", meters.events.sum());
    out.counter("tidaldb_duplicates_total", meters.duplicates.sum());
    out.counter("tidaldb_rejected_total", meters.rejected.sum());
    out.counter("tidaldb_frames_total", meters.frames.sum());
    out.counter("tidaldb_syncs_total", meters.syncs.sum());
    out.counter("tidaldb_checkpoints_total", meters.checkpoints.sum());
    out.counter("tidaldb_checkpoint_failures_total", meters.checkpointFailures.sum());
    out.counter("tidaldb_checkpoint_bytes_total", meters.checkpointBytes.sum());
    out.counter("tidaldb_log_segments_deleted_total", meters.segmentsDeleted.sum());
    meters.commitSeconds.append(out.text, "tidaldb_commit_seconds");
    meters.syncSeconds.append(out.text, "tidaldb_sync_seconds");
    meters.applySeconds.append(out.text, "tidaldb_apply_seconds");
    meters.checkpointSeconds.append(out.text, "tidaldb_checkpoint_seconds");
    meters.checkpointPauseSeconds.append(out.text, "tidaldb_checkpoint_pause_seconds");
    return out.text.toString();
  }

  private void relations(Relations relations) {
    for (var type : RelationType.values()) {
      if (type != RelationType.AFFINITY) {
        text.append("tidaldb_relations{type=\"").append(type.label()).append("\"} ");
        text.append(relations.total(type)).append('\n');
      }
    }
  }

  private void gauge(String name, long value) {
    text.append("# TYPE ").append(name).append(" gauge\n").append(name).append(' ');
    text.append(value).append('\n');
  }

  private void counter(String name, long value) {
    text.append("# TYPE ").append(name).append(" counter\n").append(name).append(' ');
    text.append(value).append('\n');
  }
}
