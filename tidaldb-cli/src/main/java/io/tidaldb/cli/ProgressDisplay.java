package io.tidaldb.cli;

import io.tidaldb.cli.load.Progress;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Progress on standard error: a bar with rate and remaining time on a terminal, else a plain line
/// every few seconds, nothing beside JSON.
public final class ProgressDisplay implements Progress {

  private static final long LINE_EVERY_NANOS = 5_000_000_000L;
  private static final int BAR_UPDATE_MILLIS = 100;
  private static final int WIDTH = 100;

  private final Output output;

  private @Nullable ProgressBar bar;
  private String what = "";
  private long steps;
  private long begun;
  private long lastLine;

  private ProgressDisplay(Output output) {
    this.output = output;
  }

  /// A display that fits where the output goes.
  public static Progress on(Output output) {
    return output.isJson() ? Progress.NONE : new ProgressDisplay(output);
  }

  @Override
  public void begin(String newWhat, long newSteps) {
    what = newWhat;
    steps = newSteps;
    begun = System.nanoTime();
    lastLine = begun;
    if (output.isLive()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
              .setMaxRenderedLength(WIDTH)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
  }

  @Override
  public void at(long done) {
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    var now = System.nanoTime();
    if (now - lastLine >= LINE_EVERY_NANOS) {
      lastLine = now;
      output.note(line(what, done, steps, now - begun));
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.stepTo(steps);
      bar.close();
      bar = null;
    }
  }

  /// `ratings.csv: 45 %, 120,000/s, 3.1 s left`.
  static String line(String what, long done, long steps, long nanos) {
    var rate = done / Math.max(1e-9, nanos / 1e9);
    var left = steps <= 0 || done == 0 ? 0 : (long) ((steps - done) / rate * 1e3);
    return "%s: %s%,d/s%s"
        .formatted(
            what,
            steps <= 0 ? "" : Math.min(100, done * 100 / steps) + " %, ",
            (long) rate,
            steps <= 0 || done == 0
                ? ""
                : ", " + Spans.show(Duration.ofMillis(Math.max(0, left))) + " left");
  }
}
