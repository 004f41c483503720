package io.tidaldb.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Sessions as lists of what was said in them. Single-threaded.
///
/// Scripts stay well below every quota and every expiry, so that neither happens by itself here.
public final class ModelSessions {

  /// A signal given in a session.
  public record Given(String signal, long item, double weight, long time) {}

  /// Something said about an item.
  public record Said(long item, String text, long time) {}

  /// A session.
  public static final class Talk {

    private final long id;
    private final long user;
    private final String agent;
    private final String policy;
    private final Map<String, String> metadata;
    private final long started;
    private final List<Given> signals = new ArrayList<>();
    private final List<Said> annotations = new ArrayList<>();
    private long signalsEver;
    private long annotationsEver;
    private Optional<Long> closed = Optional.empty();

    private Talk(
        long id,
        long user,
        String agent,
        String policy,
        Map<String, String> metadata,
        long started) {
      this.id = id;
      this.user = user;
      this.agent = agent;
      this.policy = policy;
      this.metadata = Map.copyOf(metadata);
      this.started = started;
    }

    /// Its number, from 1 and never used again.
    public long id() {
      return id;
    }

    /// Whose it is.
    public long user() {
      return user;
    }

    /// With whom.
    public String agent() {
      return agent;
    }

    /// Under which rules.
    public String policy() {
      return policy;
    }

    /// What was given at the start.
    public Map<String, String> metadata() {
      return metadata;
    }

    /// When it began.
    public long started() {
      return started;
    }

    /// In order.
    public List<Given> signals() {
      return List.copyOf(signals);
    }

    /// In order.
    public List<Said> annotations() {
      return List.copyOf(annotations);
    }

    /// How many signals it took, also about items that are gone.
    public long signalsEver() {
      return signalsEver;
    }

    /// How many annotations it took, also about items that are gone.
    public long annotationsEver() {
      return annotationsEver;
    }

    /// When it was closed.
    public Optional<Long> closed() {
      return closed;
    }
  }

  private final SortedMap<Long, Talk> talks = new TreeMap<>();
  private long lastId;

  /// The id that the next one gets.
  public long nextId() {
    return lastId + 1;
  }

  /// A session begins; its id.
  public long start(
      long user, String agent, String policy, Map<String, String> metadata, long now) {
    long id = ++lastId;
    talks.put(id, new Talk(id, user, agent, policy, metadata, now));
    return id;
  }

  /// Something happened in it.
  public void signal(long id, String signal, long item, double weight, long time) {
    var talk = running(id);
    talk.signals.add(new Given(signal, item, weight, time));
    talk.signalsEver++;
  }

  /// Something was said in it.
  public void annotate(long id, long item, String text, long now) {
    var talk = running(id);
    talk.annotations.add(new Said(item, text, now));
    talk.annotationsEver++;
  }

  /// It ends by its caller. Again: nothing.
  public void close(long id, long now) {
    var talk = talk(id);
    if (talk.closed.isEmpty()) {
      talk.closed = Optional.of(now);
    }
  }

  /// One that runs.
  public Talk running(long id) {
    var talk = talk(id);
    if (talk.closed.isPresent()) {
      throw new Refusal("SESSION_CLOSED");
    }
    return talk;
  }

  /// One of them.
  public Talk talk(long id) {
    var talk = talks.get(id);
    if (talk == null) {
      throw new Refusal("NotFoundException");
    }
    return talk;
  }

  /// The item is gone, and what was told of it; what was used of quotas stays used.
  public void itemDeleted(long item) {
    for (var talk : talks.values()) {
      talk.signals.removeIf(given -> given.item == item);
      talk.annotations.removeIf(said -> said.item == item);
    }
  }

  /// The user is gone with every session.
  public void userErased(long user) {
    talks.values().removeIf(talk -> talk.user == user);
  }

  /// All, by id.
  public List<Talk> all() {
    return List.copyOf(talks.values());
  }

  /// A user's that run, by id.
  public List<Talk> active(long user) {
    return talks.values().stream()
        .filter(talk -> talk.user == user && talk.closed.isEmpty())
        .toList();
  }

  /// A user's that have ended, by id.
  public List<Talk> closed(long user) {
    return talks.values().stream()
        .filter(talk -> talk.user == user && talk.closed.isPresent())
        .toList();
  }
}
