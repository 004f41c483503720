package io.tidaldb.engine;

import io.tidaldb.disk.Publication;
import io.tidaldb.disk.StorePaths;
import io.tidaldb.disk.Volume;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `config.json`: the options in effect and the library's version, for people. The library never
/// reads it.
final class ConfigFile {

  private ConfigFile() {}

  static void write(Volume volume, EngineOptions options) {
    var values = new TreeMap<String, Object>();
    values.put("library_version", version());
    values.put("durability", options.durability());
    values.put("queue_events", options.queue().events());
    values.put("queue_bytes", options.queue().bytes());
    values.put("enqueue_timeout", options.queue().enqueueTimeout());
    values.put("segment_bytes", options.log().segmentBytes());
    values.put("frame_events", options.log().frameEvents());
    values.put("relaxed_sync_interval", options.log().relaxedSyncInterval());
    values.put("checkpoint_interval", options.checkpoints().interval());
    values.put("checkpoint_log_bytes", options.checkpoints().logBytes());
    values.put("max_clock_skew", options.time().maxClockSkew());
    values.put("future_events", options.time().futureEvents());
    values.put("dedup_keys", options.dedup().keys());
    values.put("dedup_producers", options.dedup().producers());
    values.put("entities_max", options.entitiesMax());
    values.put("cohorts", options.cohorts().definitions());
    values.put("cohort_pairs", options.cohorts().pairs());
    values.put("head_capacity", options.headCapacity());
    values.put("active_sessions", options.sessions().active());
    values.put("active_sessions_per_user", options.sessions().perUser());
    values.put("session_sweep_interval", options.sessions().sweepInterval());
    options
        .sessions()
        .agentRate()
        .ifPresent(
            rate -> {
              values.put("agent_rate", rate.perSecond());
              values.put("agent_rate_burst", rate.burst());
            });
    values.put("reduced_above", options.load().reduced());
    values.put("coarse_above", options.load().coarse());
    values.put("no_diversity_above", options.load().noDiversity());
    values.put("queries_max", options.load().queriesMax());
    values.put("close_timeout", options.closeTimeout());
    var bytes = json(values).getBytes(StandardCharsets.UTF_8);
    Publication.write(volume, StorePaths.CONFIG, ByteBuffer.wrap(bytes));
  }

  /// No value holds a quote or a backslash: numbers, enum names, ISO-8601 durations, a version.
  private static String json(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(
            entry ->
                "  \"%s\": %s"
                    .formatted(
                        entry.getKey(),
                        entry.getValue() instanceof Number number
                            ? number
                            : "\"" + entry.getValue() + "\""))
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private static String version() {
    var version = ConfigFile.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
