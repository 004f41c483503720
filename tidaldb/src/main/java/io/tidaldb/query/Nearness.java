package io.tidaldb.query;

import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.Retrieve;
import io.tidaldb.schema.Source;
import io.tidaldb.search.Nearest;
import io.tidaldb.search.SessionPreference;
import io.tidaldb.search.VectorPlan;
import io.tidaldb.search.VectorSearch;
import io.tidaldb.search.Vectors;
import io.tidaldb.search.Vectors.Target;
import io.tidaldb.slot.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.roaringbitmap.RoaringBitmap;

/// What one query knows of vectors: what its user prefers, what its seeds are like, and who is near
/// to them. Each slot's vectors are read once, so that one query sees one state.
final class Nearness {

  private static final int RECENT_SEEDS = 3;
  private static final double SESSION_HASTE = 3;

  private final Sources sources;
  private final Slots slots;
  private final Retrieve request;
  private final People people;
  private final Map<String, Optional<VectorSearch>> searches = new HashMap<>();
  private final List<VectorPlan> plans = new ArrayList<>();
  private Optional<Preference> preference = Optional.empty();
  private boolean preferenceRead;

  Nearness(Sources sources, Slots slots, Retrieve request, People people) {
    this.sources = sources;
    this.slots = slots;
    this.request = request;
    this.people = people;
  }

  private Optional<VectorSearch> search(String slot) {
    return searches.computeIfAbsent(slot, name -> sources.vectors(request.kind(), name));
  }

  private Optional<Vectors> vectors(String slot) {
    return search(slot).map(VectorSearch::vectors);
  }

  /// How vectors were looked for, search by search.
  List<VectorPlan> plans() {
    return plans;
  }

  /// What the user prefers; empty without user, before anything was learnt, and where the session's
  /// policy keeps to the session.
  Optional<Preference> preference() {
    if (!preferenceRead) {
      preferenceRead = true;
      if (people.memory().isPresent()) {
        preference = people.user().flatMap(sources::preference);
      }
    }
    return preference;
  }

  /// max(0, cos) of an item with the user's preference; empty without one.
  Optional<IntToDoubleFunction> preferenceMatch() {
    var items = vectors(EmbeddingSlot.CONTENT);
    return items.isEmpty()
        ? Optional.empty()
        : preference()
            .map(known -> items.get().direction(known.vector()))
            .map(target -> slot -> match(items.get(), target, slot));
  }

  /// max(0, cos) of an item with what is preferred in the session; empty without one, and before a
  /// positive signal in it.
  Optional<IntToDoubleFunction> sessionMatch() {
    var items =
        request.kind() == EntityKind.ITEM
            ? vectors(EmbeddingSlot.CONTENT)
            : Optional.<Vectors>empty();
    if (items.isEmpty() || people.session().isEmpty()) {
      return Optional.empty();
    }
    var learnt = new SessionPreference(items.get(), sources.feedbackPolicy(), SESSION_HASTE);
    people.session().get().forEachSignal(learnt::signal);
    float[] vector = learnt.vector();
    var direction = vector == null ? null : items.get().direction(vector);
    return direction == null
        ? Optional.empty()
        : Optional.of(slot -> match(items.get(), direction, slot));
  }

  /// max(0, cos) of an item with the nearest seed; empty without a seed that has a vector.
  Optional<IntToDoubleFunction> similarity() {
    var slot = request.seedVector().map(seed -> seed.slot()).orElse(EmbeddingSlot.CONTENT);
    var items = vectors(slot);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    var directions = new ArrayList<Target>();
    for (float[] seed : seeds(items.get())) {
      var direction = items.get().direction(seed);
      if (direction != null) {
        directions.add(direction);
      }
    }
    return directions.isEmpty()
        ? Optional.empty()
        : Optional.of(entity -> nearestOf(items.get(), directions, entity));
  }

  private static double nearestOf(Vectors items, List<Target> directions, int entity) {
    double greatest = 0;
    for (int i = 0; i < directions.size(); i++) {
      greatest = Math.max(greatest, match(items, directions.get(i), entity));
    }
    return greatest;
  }

  private static double match(Vectors items, Target direction, int entity) {
    double cosine = items.cosine(direction, entity);
    return cosine > 0 ? cosine : 0;
  }

  /// The vectors of the request's seeds: the one it gives, else those of its items.
  private List<float[]> seeds(Vectors items) {
    if (request.seedVector().isPresent()) {
      var seed = request.seedVector().get();
      return seed.slot().equals(items.slot().name()) ? List.of(seed.vector()) : List.of();
    }
    return vectorsOf(
        items,
        request.seeds().stream().mapToInt(id -> slots.slot(request.kind(), id.value())).toArray());
  }

  private static List<float[]> vectorsOf(Vectors items, int[] entities) {
    var found = new ArrayList<float[]>();
    for (int entity : entities) {
      float[] vector = items.vector(entity);
      if (vector != null) {
        found.add(vector);
      }
    }
    return found;
  }

  /// How alike hits are; empty where no vectors are declared.
  Optional<Alikeness> alikeness() {
    return vectors(EmbeddingSlot.CONTENT).map(Alikeness::new);
  }

  /// Whether the request's seeds say anything in the space of vectors.
  boolean hasSeeds() {
    return vectors(request.seedVector().map(seed -> seed.slot()).orElse(EmbeddingSlot.CONTENT))
        .filter(items -> !seeds(items).isEmpty())
        .isPresent();
  }

  /// What a source of nearest vectors gives, nearest first.
  int[] nearest(Source.Ann source, RoaringBitmap allowed) {
    return search(source.slot())
        .map(search -> nearest(source, search, allowed))
        .orElseGet(() -> new int[0]);
  }

  private int[] nearest(Source.Ann source, VectorSearch search, RoaringBitmap allowed) {
    int k = source.k();
    var targets = targets(source, search.vectors());
    boolean thirds = source.of() == Source.Toward.RECENT;
    int each = thirds ? Math.ceilDiv(k, RECENT_SEEDS) : k;
    var wanted = new VectorSearch.Wanted(allowed, each, source.exact(), this::id);
    var lists = new ArrayList<Nearest>();
    for (float[] target : targets) {
      var found = search.nearest(target, wanted);
      plans.add(found.plan());
      lists.add(found);
    }
    return Nearest.merged(lists, k, this::id);
  }

  private List<float[]> targets(Source.Ann source, Vectors items) {
    return switch (source.of()) {
      case PREFERENCE ->
          preference().map(Preference::vector).stream()
              .filter(vector -> vector.length == items.slot().dimensions())
              .toList();
      case SEED -> seeds(items);
      case RECENT ->
          request.kind() == EntityKind.ITEM
              ? vectorsOf(
                  items,
                  people.memory().map(viewer -> viewer.positives(RECENT_SEEDS)).orElse(new int[0]))
              : List.of();
    };
  }

  private long id(int slot) {
    return slots.id(request.kind(), slot);
  }
}
