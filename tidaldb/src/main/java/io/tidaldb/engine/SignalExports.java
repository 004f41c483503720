package io.tidaldb.engine;

import io.tidaldb.disk.StorePaths;
import io.tidaldb.log.Event;
import io.tidaldb.log.FrameConsumer;
import io.tidaldb.log.LogReader;
import io.tidaldb.schema.Exported;
import io.tidaldb.schema.SignalExport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signals as JSON Lines, from the retained log. The first line says which positions it covers.
/// Signals of users who were erased since are not told.
///
/// **Threads.** The caller's.
final class SignalExports implements FrameConsumer {

  private final SignalExport wanted;
  private final JsonLines out;
  private final long upTo;
  private final Forgotten forgotten = new Forgotten();
  private final Map<Integer, String> names = new HashMap<>();

  private SignalExports(Views views, SignalExport wanted, JsonLines out, long upTo) {
    this.wanted = wanted;
    this.out = out;
    this.upTo = upTo;
    forgotten.addAll(views.erasures());
    views.vocabulary().ids().forEach((name, id) -> names.put(id, name));
  }

  /// @param upTo the last position to tell
  static Exported export(EngineParts parts, SignalExport wanted, Appendable to, long upTo) {
    var out = new JsonLines(to, wanted.limit() + 1L);
    var export = new SignalExports(parts.views(), wanted, out, upTo);
    long from =
        parts
            .volume()
            .flatMap(
                volume ->
                    volume.list(StorePaths.LOG).stream()
                        .flatMap(name -> StorePaths.firstPosition(name).stream().boxed())
                        .min(Long::compare))
            .orElse(upTo + 1);
    var _ = out.begin("coverage").number("from", from).number("to", upTo).end();
    if (parts.volume().isPresent()) {
      var _ = LogReader.scan(parts.volume().get(), Optional.of(parts.identity()), from, export);
    }
    return new Exported(out.lines(), out.isComplete());
  }

  @Override
  public void frame(long firstPosition, long receiveNanos, List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      long position = firstPosition + i;
      if (position <= upTo
          && events.get(i) instanceof Event.SignalRecorded signal
          && !forgotten.hides(position, signal)) {
        signal(position, signal);
      }
    }
  }

  private void signal(long position, Event.SignalRecorded signal) {
    var name = names.getOrDefault(signal.type(), Integer.toString(signal.type()));
    boolean isWanted =
        wanted.user().filter(user -> !signal.hasUser() || signal.user() != user.value()).isEmpty()
            && wanted.since().filter(since -> signal.time() < since.nanos()).isEmpty()
            && wanted.until().filter(until -> signal.time() >= until.nanos()).isEmpty()
            && (wanted.signals().isEmpty() || wanted.signals().contains(name));
    if (!isWanted) {
      return;
    }
    var line = out.begin("signal").number("position", position).time("at", signal.time());
    line =
        line.text("signal", name)
            .text("kind", Admission.label(signal.kind()))
            .id("entity", signal.entity())
            .number("weight", signal.weight());
    if (signal.hasUser()) {
      line = line.id("user", signal.user());
    }
    if ((signal.flags() & Event.SignalRecorded.SESSION) != 0) {
      line = line.id("session", signal.session());
    }
    var _ = line.end();
  }
}
