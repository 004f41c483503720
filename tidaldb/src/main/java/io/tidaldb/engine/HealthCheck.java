package io.tidaldb.engine;

import io.tidaldb.schema.Health;
import io.tidaldb.schema.Timestamp;
import java.time.Duration;
import java.util.ArrayList;

/// Looks at the engine without I/O and says what is wrong.
final class HealthCheck {

  private static final int INTERVALS_OVERDUE = 5;
  private static final int FAILURES_DEGRADED = 5;
  private static final double QUEUE_SATURATED = 0.8;

  private static final double COHORTS_NEAR = 0.9;

  private HealthCheck() {}

  static Health of(
      EngineParts parts,
      Writer writer,
      WriteQueue queue,
      Maintenance maintenance,
      EngineOptions options,
      SessionSweeper sessions) {
    var issues = new ArrayList<Health.Issue>();
    var age = Duration.ZERO;
    if (maintenance.checkpointer().isPresent()) {
      var checkpointer = maintenance.checkpointer().get();
      age = Duration.ofNanos(checkpointer.ageNanos());
      boolean behind = writer.appliedPosition() > checkpointer.position();
      long overdue = INTERVALS_OVERDUE * options.checkpoints().interval().toNanos();
      if (behind && age.toNanos() > overdue) {
        issues.add(Health.Issue.CHECKPOINT_OVERDUE);
      }
      if (checkpointer.failuresInARow() >= FAILURES_DEGRADED) {
        issues.add(Health.Issue.CHECKPOINT_FAILING);
      }
    }
    if (maintenance.diskLow()) {
      issues.add(Health.Issue.DISK_LOW);
    }
    if (queue.events() > QUEUE_SATURATED * queue.capacity()) {
      issues.add(Health.Issue.QUEUE_SATURATED);
    }
    if (parts.views().cohorts().pairs() >= COHORTS_NEAR * options.cohorts().pairs()) {
      issues.add(Health.Issue.COHORTS_NEAR_LIMIT);
    }
    long behindClock = parts.journal().lastReceiveNanos() - Timestamp.now(options.clock()).nanos();
    if (behindClock > options.time().maxClockSkew().toNanos()) {
      issues.add(Health.Issue.CLOCK_BEHIND_LOG);
    }
    if (sessions.clockJumped()) {
      issues.add(Health.Issue.CLOCK_JUMPED);
    }
    if (parts.recovery().bytesCut() > 0) {
      issues.add(Health.Issue.LOG_TAIL_CUT);
    }
    if (parts.recovery().warnings().stream().anyMatch(w -> w.startsWith("generation refused"))) {
      issues.add(Health.Issue.GENERATION_REFUSED);
    }
    return new Health(
        issues.isEmpty() ? Health.Status.OK : Health.Status.DEGRADED,
        parts.journal().lastPosition(),
        parts.journal().durablePosition(),
        writer.appliedPosition(),
        age,
        queue.events(),
        issues);
  }
}
