package io.tidaldb.engine;

import io.tidaldb.coengagement.CoEngagementView;
import io.tidaldb.cohort.CohortView;
import io.tidaldb.collection.CollectionView;
import io.tidaldb.entity.EntityIndex;
import io.tidaldb.entity.EntityRows;
import io.tidaldb.entity.Erasures;
import io.tidaldb.fault.CrashInjector;
import io.tidaldb.log.CohortEvent;
import io.tidaldb.log.CollectionEvent;
import io.tidaldb.log.Deduplication;
import io.tidaldb.log.Event;
import io.tidaldb.log.PageView;
import io.tidaldb.log.RankingEvent;
import io.tidaldb.log.RelationEvent;
import io.tidaldb.log.RowView;
import io.tidaldb.log.SessionEvent;
import io.tidaldb.log.StateSink;
import io.tidaldb.log.VectorEvent;
import io.tidaldb.log.View;
import io.tidaldb.log.Vocabulary;
import io.tidaldb.ranking.Experiments;
import io.tidaldb.ranking.Profiles;
import io.tidaldb.relation.Relations;
import io.tidaldb.relation.SeenItems;
import io.tidaldb.relation.UserStates;
import io.tidaldb.relation.ViewerReader;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SignalType;
import io.tidaldb.search.VectorView;
import io.tidaldb.session.SessionView;
import io.tidaldb.signal.SignalView;
import io.tidaldb.slot.SlotMap;
import io.tidaldb.storage.StorageBackend;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// All views of one database, and the order in which an event reaches them: slots first (so that
/// within `apply` every entity has one), then the views in any order that never changes, and last
/// the slots again, which let go of what the event deleted.
///
/// **Threads.** The writer applies and publishes; before it starts, recovery does.
final class Views {

  private final SlotMap slots = new SlotMap();
  private final Deduplication deduplication;
  private final Vocabulary vocabulary = new Vocabulary();
  private final EntityRows entityRows;
  private final EntityIndex entityIndex;
  private final Erasures erasures = new Erasures();
  private final SignalView signals;
  private final SignalView creatorSignals;
  private final Relations relations;
  private final CohortView cohorts;
  private final SeenItems seenItems;
  private final UserStates userStates;
  private final ViewerReader viewers;
  private final CollectionView collections;
  private final CoEngagementView coEngagement;
  private final Profiles profiles = new Profiles();
  private final Experiments experiments = new Experiments();
  private final SessionView sessions;
  private final VectorView vectors;

  private final List<View> all;
  private final List<PageView> pages;
  private final List<RowView> rows;
  private final View[] order;
  private final long[] loaded;
  private long newestLoaded;
  private final Map<Meaning, Integer> types = new EnumMap<>(Meaning.class);

  Views(StorageBackend backend, CrashInjector injector, EngineOptions options) {
    deduplication = new Deduplication(options.dedup().keys(), options.dedup().producers());
    relations = new Relations(backend, slots, options.users().cacheBytes() / 4 * 3);
    entityRows = new EntityRows(backend);
    entityIndex = new EntityIndex(slots);
    signals = new SignalView(slots, injector, options.headCapacity());
    creatorSignals = SignalView.ofCreators(slots, options.headCapacity());
    cohorts = new CohortView(slots, injector);
    seenItems = new SeenItems(slots);
    userStates = new UserStates(slots);
    viewers =
        new ViewerReader(relations, userStates, seenItems, slots, options.users().networkFanOut());
    collections = new CollectionView(backend, slots, injector, options.users().cacheBytes() / 4);
    sessions = new SessionView(slots, backend);
    coEngagement = new CoEngagementView(slots, injector);
    vectors = new VectorView(slots);
    all =
        List.of(
            slots,
            deduplication,
            vocabulary,
            // Before the index of items: whoever finds an item anew knows who hid it.
            relations,
            entityRows,
            entityIndex,
            erasures,
            signals,
            creatorSignals,
            cohorts,
            seenItems,
            userStates,
            collections,
            coEngagement,
            profiles,
            experiments,
            sessions,
            vectors);
    pages = all.stream().filter(PageView.class::isInstance).map(PageView.class::cast).toList();
    rows = all.stream().filter(RowView.class::isInstance).map(RowView.class::cast).toList();
    order = all.toArray(View[]::new);
    loaded = new long[order.length];
  }

  /// Notes what each view already holds; replay skips that. Once, after loading.
  void startFromLoaded() {
    for (int i = 0; i < order.length; i++) {
      loaded[i] = order[i].loadedPosition();
      newestLoaded = Math.max(newestLoaded, loaded[i]);
    }
    learnTypes();
  }

  /// The lowest position that some view holds: replay begins behind it.
  long lowestLoaded() {
    long lowest = Long.MAX_VALUE;
    for (long position : loaded) {
      lowest = Math.min(lowest, position);
    }
    return lowest;
  }

  /// The highest position that some view holds.
  long highestLoaded() {
    return newestLoaded;
  }

  void apply(long position, Event event) {
    if (position <= newestLoaded) {
      applyBehindLoaded(position, event);
      return;
    }
    for (var view : order) {
      view.apply(position, event);
    }
    finish(event);
  }

  private void applyBehindLoaded(long position, Event event) {
    for (int i = 0; i < order.length; i++) {
      if (position > loaded[i]) {
        order[i].apply(position, event);
      }
    }
    if (position > loaded[0]) {
      finish(event);
    }
  }

  private void finish(Event event) {
    switch (event) {
      case Event.EntityDeleted deleted -> slots.retire(deleted);
      case Event.SchemaChanged _ -> learnTypes();
      case Event.UserErased erased -> slots.retire(erased);
      case Event.SignalRecorded _,
          Event.EntityWritten _,
          Event.NumbersWritten _,
          Event.ProfileSaved _,
          Event.ProfileDropped _,
          RankingEvent _,
          Event.Blank _,
          RelationEvent _,
          CohortEvent _,
          CollectionEvent _,
          SessionEvent _,
          VectorEvent _ -> {}
    }
  }

  private void learnTypes() {
    for (var meaning : Meaning.values()) {
      types.put(
          meaning, signals.type(meaning).map(SignalType::id).map(id -> id.value()).orElse(-1));
    }
  }

  void publish(long position) {
    for (var view : order) {
      view.publish(position);
    }
  }

  /// The type that has this meaning, or −1.
  int typeOf(Meaning meaning) {
    return types.getOrDefault(meaning, -1);
  }

  /// The schema as it is applied.
  Schema schema() {
    return vocabulary
        .canonical()
        .map(text -> Schema.parse(text).withIds(vocabulary.ids()))
        .orElseGet(Schema::empty);
  }

  /// Every view's canonical state, in a fixed order.
  void digest(StateSink sink) {
    for (var view : order) {
      view.digest(sink);
    }
  }

  /// What is wrong with the views, in words.
  List<String> verify() {
    var findings = new ArrayList<String>();
    for (var view : order) {
      for (var finding : view.verify()) {
        findings.add(view.name() + ": " + finding);
      }
    }
    return findings;
  }

  /// What is wrong between views that are at one position, in words.
  List<String> verifyTogether() {
    var findings = new ArrayList<String>();
    for (long item : collections.heldItems()) {
      if (entityRows.read(EntityKind.ITEM, EntityId.of(item)).isEmpty()) {
        findings.add("a collection holds what is no item: item=" + EntityId.of(item));
      }
    }
    return findings;
  }

  List<View> all() {
    return all;
  }

  List<PageView> pages() {
    return pages;
  }

  List<RowView> rows() {
    return rows;
  }

  SlotMap slots() {
    return slots;
  }

  Deduplication deduplication() {
    return deduplication;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  EntityRows entityRows() {
    return entityRows;
  }

  EntityIndex entityIndex() {
    return entityIndex;
  }

  Erasures erasures() {
    return erasures;
  }

  SignalView signals() {
    return signals;
  }

  /// Signals on items, by their creators.
  SignalView creatorSignals() {
    return creatorSignals;
  }

  Relations relations() {
    return relations;
  }

  /// What lies between users and what they use, for any thread.
  ViewerReader viewers() {
    return viewers;
  }

  CohortView cohorts() {
    return cohorts;
  }

  SeenItems seenItems() {
    return seenItems;
  }

  UserStates userStates() {
    return userStates;
  }

  CollectionView collections() {
    return collections;
  }

  CoEngagementView coEngagement() {
    return coEngagement;
  }

  Profiles profiles() {
    return profiles;
  }

  Experiments experiments() {
    return experiments;
  }

  SessionView sessions() {
    return sessions;
  }

  VectorView vectors() {
    return vectors;
  }
}
