package io.tidaldb.cli.evaluate;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/// A database in memory that lives through a log: its clock stands at the event that happens, an
/// item comes into being with its first event, and queries wait until everything before them is in.
final class Database implements AutoCloseable {

  private static final Pattern VERSIONED = Pattern.compile("(.+)@(\\d{1,9})");
  private static final int UNANSWERED_MAX = 1_024;

  private final Replay replay;
  private final TidalDb db;
  private final List<CompletableFuture<List<Receipt>>> unanswered = new ArrayList<>();
  private volatile Instant now;

  private Database(Replay replay) {
    this.replay = replay;
    this.now = replay.events().isEmpty() ? Instant.EPOCH : instant(replay.events().getFirst());
    this.db =
        TidalDb.builder()
            .ephemeral()
            .schema(replay.schema())
            .clock(() -> now)
            .closeTimeout(Duration.ofSeconds(30))
            .open();
  }

  /// A database that knows users and creators, and no item yet.
  static Database open(Replay replay) {
    var database = new Database(replay);
    if (!replay.others().isEmpty()) {
      database.send(replay.others());
    }
    return database;
  }

  private static Instant instant(Replay.Event event) {
    return Instant.ofEpochSecond(0, event.nanos());
  }

  /// What a profile of this database says.
  Contender profile(String name) {
    var versioned = VERSIONED.matcher(name);
    // What is measured is the ranking; exploration is chance.
    var ranking = Retrieve.items().explore(0);
    var request =
        versioned.matches()
            ? ranking.profile(versioned.group(1), Integer.parseInt(versioned.group(2)))
            : ranking.profile(name);
    // An unknown profile is refused before anything is replayed.
    var _ = db.retrieve(request.limit(1));
    return new Contender() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int rank(Past past, Past.Person user, long nanos, int[] best) {
        return answer(past, request.forUser(user.id()).exclude(user.touchedIds()), best);
      }

      @Override
      public void learn(Past past, Replay.Event event) {
        // The database learns once for all of its profiles.
      }
    };
  }

  /// Takes in what happens; shows nothing itself.
  Contender learner() {
    return new Contender() {
      @Override
      public String name() {
        return "";
      }

      @Override
      public int rank(Past past, Past.Person user, long nanos, int[] best) {
        return 0;
      }

      @Override
      public void learn(Past past, Replay.Event event) {
        now = instant(event);
        if (past.number(event.item()) < 0) {
          send(List.of(item(event)));
        }
        send(List.of(event.write()));
      }
    };
  }

  private Write item(Replay.Event event) {
    var known = replay.items().get(event.item());
    return known == null ? Write.item(event.item(), java.util.Map.of()) : known;
  }

  private int answer(Past past, Retrieve request, int[] best) {
    settle();
    int count = 0;
    for (var hit : db.retrieve(request.limit(best.length)).hits()) {
      best[count++] = past.number(hit.id());
    }
    return count;
  }

  private void send(List<Write> writes) {
    CompletionStage<List<Receipt>> answer = db.writeAsync(writes);
    unanswered.add(answer.toCompletableFuture());
    if (unanswered.size() == UNANSWERED_MAX) {
      settle();
    }
  }

  /// Waits until all that was sent is applied.
  private void settle() {
    unanswered.forEach(CompletableFuture::join);
    unanswered.clear();
  }

  @Override
  public void close() {
    settle();
    db.close();
  }
}
