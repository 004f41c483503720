package io.tidaldb.session;

import io.tidaldb.log.Event;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What sessions need to know of the schema in force: policies, names and meanings of signals.
/// Immutable.
public final class SessionTerms {

  static final SessionTerms NONE = new SessionTerms("", new TreeMap<>());

  private final String canonical;
  private final SortedMap<String, Integer> ids;
  private final Schema schema;
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, Meaning> meanings = new HashMap<>();

  SessionTerms(String canonical, SortedMap<String, Integer> ids) {
    this.canonical = canonical;
    this.ids = new TreeMap<>(ids);
    this.schema = canonical.isEmpty() ? Schema.empty() : Schema.parse(canonical).withIds(ids);
    ids.forEach((name, id) -> names.put(id, name));
    for (var type : schema.signals()) {
      type.meaning().ifPresent(meaning -> meanings.put(type.id().value(), meaning));
    }
  }

  static SessionTerms of(Event.SchemaChanged changed) {
    return new SessionTerms(changed.canonical(), changed.ids());
  }

  /// The schema under the store's ids.
  public Schema schema() {
    return schema;
  }

  /// The policy of this name; empty if there is none.
  public Optional<SessionPolicy> policy(String name) {
    return schema.sessionPolicy(name);
  }

  /// The name of a signal type, also of one that was retired.
  public String name(int type) {
    return names.getOrDefault(type, Integer.toString(type));
  }

  /// What a signal type means; empty if nothing in particular, or if it was retired.
  public Optional<Meaning> meaning(int type) {
    return Optional.ofNullable(meanings.get(type));
  }

  void put(Bytes out) {
    var _ = out.text(canonical).i32(ids.size());
    for (var entry : ids.entrySet()) {
      var _ = out.text(entry.getKey()).i32(entry.getValue());
    }
  }

  static SessionTerms get(Bytes.In in) {
    var canonical = in.text();
    var ids = new TreeMap<String, Integer>();
    for (int i = in.count(8); i > 0; i--) {
      var name = in.text();
      ids.put(name, in.i32());
    }
    return new SessionTerms(canonical, ids);
  }
}
