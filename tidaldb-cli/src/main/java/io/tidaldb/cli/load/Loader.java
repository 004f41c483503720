package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Loads one source.
///
/// Every row has the key (producer, rank), its rank being its place in the order of time; rows
/// without a time stand in the order of the file. So `until` cuts off a prefix of the ranks, the
/// rest can come later, and what was loaded once is recognised. A row whose time cannot be read has
/// no rank.
public final class Loader {

  /// A row without a time in a source whose rows have one: before every other.
  private static final long NO_TIME = Long.MIN_VALUE;

  private static final int PROGRESS_ROWS = 1_024;

  /// What stays the same for every source.
  ///
  /// @param schema the database's
  /// @param door takes a batch
  /// @param rejects where bad rows go
  /// @param progress told how far the work is
  /// @param options how to go about it
  public record Context(
      Schema schema,
      Function<List<Write>, CompletionStage<List<Receipt>>> door,
      Rejects rejects,
      Progress progress,
      Options options) {}

  /// How to go about it.
  ///
  /// @param until the last moment that is loaded; null for all
  /// @param batchRows 1 … 8,192 writes of a batch
  /// @param sortRows rows that are sorted in memory
  public record Options(@Nullable Timestamp until, int batchRows, int sortRows) {

    /// Everything, in batches of 2,000.
    public static final Options DEFAULTS = new Options(null, 2_000, 200_000);
  }

  private final Source source;
  private final Path file;
  private final Context context;
  private final Writes writes;
  private final Batches batches;

  private long read;
  private long later;
  private long skipped;
  private long rejected;
  private long rank;

  private Loader(Source source, Path file, Context context) {
    this.source = source;
    this.file = file;
    this.context = context;
    this.writes = new Writes(source, context.schema);
    this.batches =
        new Batches(
            context.door,
            context.options.batchRows,
            (item, reason) -> reject(item.line(), item.text(), reason));
  }

  /// Loads every row of a source.
  ///
  /// @param file where its file really is
  public static Loaded load(Source source, Path file, Context context) {
    return new Loader(source, file, context).load();
  }

  private Loaded load() {
    var began = System.nanoTime();
    try (var rows = RowReader.open(file, source.format(), source.target().columns())) {
      if (source.target().time().isEmpty()) {
        stream(rows);
      } else if (source.sorted()) {
        checkOrder();
        stream(rows);
      } else {
        sortAndSend(rows);
      }
    }
    batches.finish();
    return new Loaded(
        source.file(),
        source.target().label(),
        read,
        batches.written(),
        batches.duplicates(),
        later,
        skipped,
        rejected,
        System.nanoTime() - began);
  }

  /// Sends rows as they come.
  private void stream(RowReader rows) {
    context.progress.begin(source.file(), file.toFile().length());
    while (true) {
      var row = next(rows);
      if (row == null) {
        break;
      }
      var nanos = time(row);
      if (nanos != null && isLater(nanos)) {
        later++;
        rank++;
      } else if (nanos != null) {
        send(row, rank++);
      }
      if (read % PROGRESS_ROWS == 0) {
        context.progress.at(rows.bytes());
      }
    }
    context.progress.end();
  }

  /// Looks whether rows really stand in the order of time, before anything is sent.
  private void checkOrder() {
    @Var var last = NO_TIME;
    try (var rows = RowReader.open(file, source.format(), source.target().columns())) {
      while (true) {
        var nanos = nextTime(rows);
        if (nanos.isEmpty()) {
          return;
        }
        if (nanos.getAsLong() < last) {
          throw new InvalidRequestException(
              "SOURCE_NOT_SORTED",
              "source is not in the order of time: file="
                  + file
                  + " line="
                  + rows.line()
                  + "; take \"sorted\" out of the mapping");
        }
        last = nanos.getAsLong();
      }
    }
  }

  /// The time of the next row that has one; bad rows are rejected when their turn comes.
  private OptionalLong nextTime(RowReader rows) {
    while (true) {
      try {
        var row = rows.next();
        return row == null ? OptionalLong.empty() : OptionalLong.of(nanos(row));
      } catch (BadRowException _) {
        // It is looked at again, and rejected, when its turn comes.
      }
    }
  }

  private void sortAndSend(RowReader rows) {
    try (var sort = new TimeSort(context.options.sortRows)) {
      context.progress.begin("sort " + source.file(), file.toFile().length());
      while (true) {
        var row = next(rows);
        if (row == null) {
          break;
        }
        var nanos = time(row);
        if (nanos != null && isLater(nanos)) {
          later++;
        } else if (nanos != null) {
          sort.add(new TimeSort.Timed(nanos, row.line(), row.text()));
        }
        if (read % PROGRESS_ROWS == 0) {
          context.progress.at(rows.bytes());
        }
      }
      context.progress.end();
      sendSorted(rows, sort);
    }
  }

  private void sendSorted(RowReader rows, TimeSort sort) {
    context.progress.begin(source.file(), sort.size());
    for (var sorted = sort.sorted(); sorted.hasNext(); ) {
      var next = sorted.next();
      try {
        send(rows.parse(next.line(), next.text()), rank++);
      } catch (BadRowException e) {
        throw new IllegalStateException("row was read before: line=" + next.line(), e);
      }
      if (rank % PROGRESS_ROWS == 0) {
        context.progress.at(rank);
      }
    }
    context.progress.end();
  }

  private void send(Row row, long rowRank) {
    try {
      var write = writes.write(row, rowRank);
      if (write == null) {
        skipped++;
      } else {
        batches.add(new Batches.Item(write, row.line(), row.text()));
      }
    } catch (BadRowException e) {
      reject(row.line(), row.text(), e.reason());
    }
  }

  /// The next row that can be read, or null at the end.
  private @Nullable Row next(RowReader rows) {
    while (true) {
      try {
        var row = rows.next();
        read += row == null ? 0 : 1;
        return row;
      } catch (BadRowException e) {
        read++;
        reject(rows.line(), rows.text(), e.reason());
      }
    }
  }

  /// The time of a row, or null if it is rejected for its time.
  private @Nullable Long time(Row row) {
    try {
      return nanos(row);
    } catch (BadRowException e) {
      reject(row.line(), row.text(), e.reason());
      return null;
    }
  }

  private long nanos(Row row) throws BadRowException {
    if (source.target().time().isEmpty()) {
      return NO_TIME;
    }
    var column = source.target().time().get();
    var moment = column.moment(row);
    if (moment != null) {
      return moment.nanos();
    }
    if (source.target() instanceof Target.Signals) {
      throw new BadRowException("time is missing: column=" + column.name());
    }
    return NO_TIME;
  }

  private boolean isLater(long nanos) {
    return context.options.until != null && nanos > context.options.until.nanos();
  }

  private void reject(long line, String text, String reason) {
    rejected++;
    context.rejects.add(new Rejects.Reject(source.file(), line, reason, text));
  }
}
