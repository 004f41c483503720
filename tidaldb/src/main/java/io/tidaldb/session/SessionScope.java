package io.tidaldb.session;

import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.SessionPolicy;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// What a running session says to a query.
///
/// **Threads.** Any: it never changes.
public final class SessionScope {

  private static final Set<Meaning> REJECTING =
      Set.of(Meaning.SKIP, Meaning.NOT_INTERESTED, Meaning.HIDE);
  private static final Set<Meaning> SEEING = Set.of(Meaning.VIEW, Meaning.COMPLETION);

  private final SessionState state;
  private final SessionPolicy policy;
  private final SessionTerms terms;

  SessionScope(SessionState state, SessionPolicy policy, SessionTerms terms) {
    this.state = state;
    this.policy = policy;
    this.terms = terms;
  }

  /// Takes the signals about items, in log order.
  @FunctionalInterface
  public interface ItemWalk {
    /// One signal about an item.
    ///
    /// @param slot the item's life
    /// @param creator slot of its creator at that time, −1 without one
    /// @param meaning what the signal means; empty if nothing in particular
    void signal(int slot, int creator, Optional<Meaning> meaning, double weight, long time);
  }

  /// The session's id.
  public long session() {
    return state.head().session();
  }

  /// Whose session it is.
  public long user() {
    return state.head().user();
  }

  /// What the query may know of the user.
  public SessionPolicy.ReadScope readScope() {
    return policy.readScope();
  }

  /// The hint words, newest first.
  public List<String> hints() {
    return state.hints();
  }

  /// The hint words as a set.
  public Set<String> hintSet() {
    return Collections.unmodifiableSet(new HashSet<>(state.hints()));
  }

  /// Slots of items that were skipped, hidden or of no interest in the session; the caller's own.
  public RoaringBitmap rejected() {
    return items(REJECTING);
  }

  /// Slots of items that were viewed in the session; the caller's own.
  public RoaringBitmap seen() {
    return items(SEEING);
  }

  private RoaringBitmap items(Set<Meaning> meanings) {
    var items = new RoaringBitmap();
    forEachItem(
        (slot, _, meaning, _, _) -> {
          if (meaning.filter(meanings::contains).isPresent()) {
            items.add(slot);
          }
        });
    return items;
  }

  /// Walks over the signals about items, in log order.
  public void forEachItem(ItemWalk walk) {
    state.forEachSignal(
        (i, type, kind, slot) -> {
          if (kind == EntityKind.ITEM) {
            walk.signal(
                slot,
                state.signalCreator(i),
                terms.meaning(type),
                state.signalWeight(i),
                state.signalTime(i));
          }
        });
  }

  /// The decayed score of a type's signals about an item in the session, by the policy's half-life.
  public double decayScore(int type, int slot, long at) {
    return state.decayScore(type, EntityKind.ITEM, slot, policy.halfLife(), at);
  }

  /// The session's state.
  public SessionState state() {
    return state;
  }

  /// The session's policy.
  public SessionPolicy policy() {
    return policy;
  }
}
