package io.tidaldb.engine;

import io.tidaldb.coengagement.CoEngagementView;
import io.tidaldb.schema.CoEngagement;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.ScoredEntity;
import io.tidaldb.schema.Timestamp;
import java.util.List;

/// What can be asked of a database about items that are liked together: the live view at the
/// engine's time.
///
/// **Threads.** Any; reads never wait for the writer longer than one event takes.
public final class CoEngagementCalls implements CoEngagement {

  private final Engine engine;
  private final CoEngagementView view;

  CoEngagementCalls(Engine engine, CoEngagementView view) {
    this.engine = engine;
    this.view = view;
  }

  @Override
  public int edgeCount() {
    return engine.reading(view::edgeCount);
  }

  @Override
  public int capacity() {
    return engine.reading(view::capacity);
  }

  @Override
  public double strength(EntityId a, EntityId b) {
    return engine.reading(() -> view.strength(a, b, engine.nowNanos()));
  }

  @Override
  public double strength(EntityId a, EntityId b, Timestamp at) {
    return engine.reading(() -> view.strength(a, b, at.nanos()));
  }

  @Override
  public List<ScoredEntity> neighbours(EntityId item, int k) {
    return engine.reading(() -> view.neighbours(item, k, engine.nowNanos()));
  }
}
