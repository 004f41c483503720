package io.tidaldb.cli.load;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.BackpressureException;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.LimitExceededException;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.OutcomeUnknownException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.TidalException;
import io.tidaldb.schema.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes on their way: gathered into batches, several of which wait for their answers at once, in
/// order.
///
/// Never more than 16,384 writes are unanswered, because a write that was refused must be tried
/// again before its producer is so far ahead. A full queue is waited for; a batch with a write that
/// the database refuses is sent again write by write, so that only that one is rejected.
public final class Batches {

  private static final int UNANSWERED_MAX = 16_384;
  private static final int IN_FLIGHT_MAX = 8;
  private static final long BATCH_CHARACTERS_MAX = 1 << 20;

  /// A write and the row that it comes from.
  public record Item(Write write, long line, String text) {}

  private record Sent(List<Item> items, CompletableFuture<List<Receipt>> answer) {}

  private final Function<List<Write>, CompletionStage<List<Receipt>>> door;
  private final BiConsumer<Item, String> rejected;
  private final int batchRows;
  private final int inFlightMax;
  private final Deque<Sent> inFlight = new ArrayDeque<>();

  private List<Item> batch = new ArrayList<>();
  private long batchCharacters;
  private long written;
  private long duplicates;

  /// @param door takes a batch
  /// @param batchRows 1 … 8,192 writes of a batch
  /// @param rejected told of each write that the database refuses, and why
  public Batches(
      Function<List<Write>, CompletionStage<List<Receipt>>> door,
      int batchRows,
      BiConsumer<Item, String> rejected) {
    this.door = door;
    this.batchRows = batchRows;
    this.inFlightMax = Math.clamp(UNANSWERED_MAX / batchRows - 1, 1, IN_FLIGHT_MAX);
    this.rejected = rejected;
  }

  /// Adds a write; sends the batch when it is full.
  public void add(Item item) {
    batch.add(item);
    batchCharacters += item.text.length();
    if (batch.size() >= batchRows || batchCharacters >= BATCH_CHARACTERS_MAX) {
      sendBatch();
    }
  }

  /// Sends what is gathered and waits for every answer.
  public void finish() {
    if (!batch.isEmpty()) {
      sendBatch();
    }
    while (!inFlight.isEmpty()) {
      settle(inFlight.remove());
    }
  }

  /// Writes that changed something.
  public long written() {
    return written;
  }

  /// Writes that had been made before.
  public long duplicates() {
    return duplicates;
  }

  private void sendBatch() {
    while (inFlight.size() >= inFlightMax) {
      settle(inFlight.remove());
    }
    inFlight.add(send(batch));
    batch = new ArrayList<>();
    batchCharacters = 0;
  }

  /// Hands a batch to the door, again and again while its queue is full.
  private Sent send(List<Item> items) {
    var writes = items.stream().map(Item::write).toList();
    while (true) {
      @Var CompletableFuture<List<Receipt>> answer;
      try {
        answer = door.apply(writes).toCompletableFuture();
      } catch (TidalException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      if (!(failure(answer) instanceof BackpressureException full)) {
        return new Sent(items, answer);
      }
      pause(full);
    }
  }

  private void settle(Sent sent) {
    try {
      for (var receipt : sent.answer.get()) {
        if (receipt.duplicate()) {
          duplicates++;
        } else {
          written++;
        }
      }
    } catch (ExecutionException e) {
      settleRefused(sent, cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("import was interrupted; run the same import again", e);
    }
  }

  private void settleRefused(Sent sent, Throwable cause) {
    switch (cause) {
      case BackpressureException full -> {
        pause(full);
        settle(send(sent.items));
      }
      case InvalidRequestException refused -> refuse(sent, refused);
      case NotFoundException refused -> refuse(sent, refused);
      case LimitExceededException refused -> refuse(sent, refused);
      case RuntimeException other -> throw other;
      case Error other -> throw other;
      default -> throw new IllegalStateException("write failed", cause);
    }
  }

  private void refuse(Sent sent, TidalException refused) {
    if (sent.items.size() == 1) {
      rejected.accept(sent.items.getFirst(), String.valueOf(refused.getMessage()));
      return;
    }
    sent.items.forEach(item -> settle(send(List.of(item))));
  }

  private static void pause(BackpressureException full) {
    try {
      TimeUnit.NANOSECONDS.sleep(full.retryAfter().toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("import was interrupted; run the same import again", e);
    }
  }

  private static @Nullable Throwable failure(CompletableFuture<?> answer) {
    return answer.isCompletedExceptionally() ? cause(answer.exceptionNow()) : null;
  }

  private static Throwable cause(Throwable thrown) {
    var wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wrapped && thrown.getCause() != null ? thrown.getCause() : thrown;
  }
}
