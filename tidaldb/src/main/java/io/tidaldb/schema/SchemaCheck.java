package io.tidaldb.schema;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidaldb.schema.SchemaBuilder.CoEngagementDeclared;
import io.tidaldb.schema.SchemaBuilder.Declaration;
import io.tidaldb.schema.SchemaBuilder.EmbeddingDeclared;
import io.tidaldb.schema.SchemaBuilder.FieldDeclared;
import io.tidaldb.schema.SchemaBuilder.InterestDeclared;
import io.tidaldb.schema.SchemaBuilder.PolicyDeclared;
import io.tidaldb.schema.SchemaBuilder.Retired;
import io.tidaldb.schema.SchemaBuilder.SignalDefinition;
import io.tidaldb.schema.SchemaViolation.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks declarations one after the other, collecting every violation, and makes the schema if
/// there is none.
final class SchemaCheck {

  static final int SIGNALS_MAX = 256;
  static final int SIGNAL_IDS_MAX = 4_096;
  static final int FIELDS_MAX = 256;
  static final int TEXT_FIELDS_MAX = 64;
  static final int INTERESTS_MAX = 4;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Duration SPAN_MAX = Duration.ofDays(36_500);
  private static final Duration HALF_LIFE_MIN = Duration.ofSeconds(1);
  private static final Duration LIFETIME_MIN = Duration.ofSeconds(60);

  private final List<SchemaViolation> violations = new ArrayList<>();
  private final Set<String> retired = new TreeSet<>();
  private final SortedMap<String, SignalDefinition> signals = new TreeMap<>();
  private final Map<Meaning, String> meanings = new EnumMap<>(Meaning.class);
  private final Map<EntityKind, SortedMap<String, Field>> fields = BuiltInFields.all();
  private final Map<EntityKind, Set<String>> fieldNames = new EnumMap<>(EntityKind.class);
  private final Map<EntityKind, Integer> textFields = new EnumMap<>(EntityKind.class);
  private final SortedMap<String, SessionPolicy> policies = new TreeMap<>();
  private final TreeSet<String> interests = new TreeSet<>();
  private final List<EmbeddingSlot> embeddings = new ArrayList<>();
  private final Set<String> declaredSignals = new HashSet<>();
  private CoEngagementRule coEngagement = CoEngagementRule.STANDARD;

  SchemaCheck(List<Declaration> declarations) {
    for (var declaration : declarations) {
      if (declaration instanceof Retired(var name) && name != null) {
        retired.add(name);
      }
      if (declaration instanceof SignalDefinition definition && definition.name() != null) {
        declaredSignals.add(definition.name());
      }
    }
    for (var declaration : declarations) {
      switch (declaration) {
        case SignalDefinition definition -> checkSignal(definition);
        case FieldDeclared field -> checkField(field);
        case EmbeddingDeclared embedding -> checkEmbedding(embedding);
        case Retired(var name) -> checkName("retired." + name, name);
        case CoEngagementDeclared(var rule) -> coEngagement = rule;
        case InterestDeclared(var field) -> interests.add(String.valueOf(field));
        case PolicyDeclared(var name, var policy) -> checkPolicy(name, policy);
      }
    }
    coEngagement.check(violations);
    interests.forEach(this::checkInterest);
    if (signals.size() + retired.size() > SIGNAL_IDS_MAX) {
      int given = signals.size() + retired.size();
      violation(Code.TOO_MANY_SIGNALS, "signal", given + " ids", SIGNAL_IDS_MAX + " ids ever");
    }
  }

  /// @throws SchemaException if anything was found
  Schema schema() {
    if (!violations.isEmpty()) {
      throw new SchemaException(violations);
    }
    SortedMap<String, SignalType> types = new TreeMap<>();
    for (var entry : signals.entrySet()) {
      var definition = entry.getValue();
      types.put(
          entry.getKey(),
          new SignalType(
              entry.getKey(),
              SignalTypeId.of(types.size()),
              present(definition.target()),
              present(definition.decay()),
              definition.windows(),
              definition.velocity(),
              definition.signedWeights(),
              definition.meaning()));
    }
    // Saying again what is built in says nothing.
    policies.values().removeIf(SessionPolicy.DEFAULT::equals);
    return new Schema(
        types,
        fields,
        retired,
        policies,
        coEngagement,
        interests.isEmpty() ? Schema.INTERESTS : List.copyOf(interests),
        embeddings);
  }

  private void checkSignal(SignalDefinition definition) {
    var name = definition.name();
    var path = "signal." + name;
    if (!definition.added()) {
      violation(Code.DEFINITION_OPEN, path, "no add()", "add() at the end of the definition");
    }
    if (checkName(path, name) && name != null) {
      checkRetired(path, name);
      if (signals.putIfAbsent(name, definition) != null) {
        violation(Code.NAME_DUPLICATE, path, name, "one signal of each name");
      } else if (signals.size() == SIGNALS_MAX + 1) {
        violation(Code.TOO_MANY_SIGNALS, path, signals.size() + " and more", SIGNALS_MAX + "");
      }
    }
    if (definition.target() == null) {
      violation(Code.KIND_MISSING, path + ".target", "null", "a kind of entity");
    }
    checkDecay(path, definition);
    if (definition.velocity() && definition.windows().stream().noneMatch(Window::isFinite)) {
      violation(
          Code.VELOCITY_WITHOUT_WINDOW,
          path + ".velocity",
          definition.windows().toString(),
          "a window with an end");
    }
    checkMeaning(path, definition);
  }

  private void checkDecay(String path, SignalDefinition definition) {
    var decay = definition.decay();
    switch (decay) {
      case null ->
          violation(Code.DECAY_MISSING, path + ".decay", "null", "exponential, linear, permanent");
      case Decay.Exponential(var halfLife) ->
          checkSpan(Code.HALF_LIFE_OUT_OF_RANGE, path + ".halfLife", halfLife, HALF_LIFE_MIN);
      case Decay.Linear(var lifetime) -> {
        checkSpan(Code.LIFETIME_OUT_OF_RANGE, path + ".lifetime", lifetime, LIFETIME_MIN);
        if (definition.signedWeights()) {
          violation(Code.SIGNED_LINEAR, path + ".signedWeights", "true", "false with linear decay");
        }
      }
      case Decay.Permanent() -> {}
    }
    if (definition.windows().isEmpty() && !(decay instanceof Decay.Permanent)) {
      violation(Code.WINDOWS_EMPTY, path + ".windows", "none", "at least one, or permanent decay");
    }
  }

  private void checkSpan(Code code, String path, @Nullable Duration given, Duration min) {
    if (given == null || given.compareTo(min) < 0 || given.compareTo(SPAN_MAX) > 0) {
      violation(code, path, String.valueOf(given), min + "…" + SPAN_MAX);
    }
  }

  private void checkMeaning(String path, SignalDefinition definition) {
    var meaning = definition.meaning();
    if (meaning.isEmpty()) {
      return;
    }
    var other = meanings.putIfAbsent(meaning.get(), String.valueOf(definition.name()));
    if (other != null && !other.equals(definition.name())) {
      violation(
          Code.MEANING_DUPLICATE,
          path + ".meaning",
          meaning.get().label(),
          "one signal of each meaning; signal." + other + " has it");
    }
  }

  private void checkInterest(String name) {
    var field = fields.getOrDefault(EntityKind.ITEM, new TreeMap<>()).get(name);
    if (field == null || (field.type() != FieldType.KEYWORD && field.type() != FieldType.TAGS)) {
      violation(
          Code.INTEREST_UNKNOWN,
          "interest." + name,
          field == null ? "no field" : field.type().toString(),
          "a keyword or tags field of items");
    } else if (interests.headSet(name).size() == INTERESTS_MAX) {
      violation(
          Code.TOO_MANY_INTERESTS,
          "interest",
          Integer.toString(interests.size()),
          Integer.toString(INTERESTS_MAX));
    }
  }

  private void checkField(FieldDeclared declared) {
    var kind = declared.kind();
    var name = declared.name();
    var path = "field." + (kind == null ? "null" : kind.name().toLowerCase(Locale.ROOT));
    if (kind == null) {
      violation(Code.KIND_MISSING, path, "null", "a kind of entity");
    }
    path += "." + name;
    if (!checkName(path, name) || name == null || kind == null) {
      return;
    }
    checkRetired(path, name);
    var names = fieldNames.computeIfAbsent(kind, k -> new HashSet<>());
    if (!names.add(name)) {
      violation(Code.NAME_DUPLICATE, path, name, "one field of each name and kind");
      return;
    }
    if (names.size() == FIELDS_MAX + 1) {
      violation(Code.TOO_MANY_FIELDS, path, names.size() + " and more", FIELDS_MAX + "");
    }
    var type = declared.type();
    if (type == null || type == FieldType.PLAIN) {
      violation(Code.FIELD_REDECLARED, path, String.valueOf(type), "a type that is queried");
      return;
    }
    if (declared.searched() && textFields.merge(kind, 1, Integer::sum) == TEXT_FIELDS_MAX + 1) {
      violation(
          Code.TOO_MANY_FIELDS, path, TEXT_FIELDS_MAX + 1 + " and more", TEXT_FIELDS_MAX + " text");
    }
    declared.rule().check(path, kind, type, violations);
    addField(path, new Field(kind, name, type, false, declared.searched(), declared.rule()));
  }

  private void checkEmbedding(EmbeddingDeclared declared) {
    var kind = declared.kind();
    var name = declared.name();
    var path = "embedding." + (kind == null ? "null" : kind.name().toLowerCase(Locale.ROOT));
    path += "." + name;
    if (kind == null || kind == EntityKind.USER) {
      violation(Code.KIND_MISSING, path, String.valueOf(kind), "items or creators");
    }
    int dimensions = declared.dimensions();
    if (dimensions < 1 || dimensions > EmbeddingSlot.DIMENSIONS_MAX) {
      violation(
          Code.DIMENSION_OUT_OF_RANGE,
          path + ".dimensions",
          Integer.toString(dimensions),
          "1…" + EmbeddingSlot.DIMENSIONS_MAX);
    }
    if (declared.metric() == null) {
      violation(Code.METRIC_MISSING, path + ".metric", "null", "a metric");
    }
    if (!checkName(path, name) || name == null || kind == null || declared.metric() == null) {
      return;
    }
    checkRetired(path, name);
    var slot = new EmbeddingSlot(kind, name, dimensions, declared.metric());
    if (embeddings.stream().anyMatch(other -> other.compareTo(slot) == 0)) {
      violation(Code.NAME_DUPLICATE, path, name, "one slot of each name and kind");
      return;
    }
    embeddings.add(slot);
    if (embeddings.stream().filter(other -> other.kind() == kind).count()
        == EmbeddingSlot.SLOTS_MAX + 1) {
      violation(
          Code.TOO_MANY_SLOTS,
          path,
          EmbeddingSlot.SLOTS_MAX + 1 + " and more",
          EmbeddingSlot.SLOTS_MAX + "");
    }
  }

  private void checkPolicy(@Nullable String name, SessionPolicy policy) {
    var path = "session." + name;
    if (checkName(path, name) && name != null) {
      if (policies.putIfAbsent(name, policy) != null) {
        violation(Code.NAME_DUPLICATE, path, name, "one session policy of each name");
      } else if (policies.size() == SessionPolicies.POLICIES_MAX + 1) {
        violation(
            Code.TOO_MANY_POLICIES,
            path,
            policies.size() + " and more",
            SessionPolicies.POLICIES_MAX + "");
      }
    }
    SessionPolicies.check(policy, declaredSignals::contains, violations);
  }

  private void addField(String path, Field field) {
    if (!BuiltInFields.agrees(field)) {
      violation(Code.FIELD_REDECLARED, path, field.type().name(), BuiltInFields.allowed(field));
      return;
    }
    var byName = present(fields.get(field.kind()));
    var builtIn = byName.get(field.name());
    // Saying again what is built in says nothing.
    if (builtIn == null
        || builtIn.type() != field.type()
        || field.searched()
        || field.fresh().filter(span -> !builtIn.fresh().equals(Optional.of(span))).isPresent()) {
      byName.put(field.name(), field);
    }
  }

  @CanIgnoreReturnValue
  private boolean checkName(String path, @Nullable String name) {
    if (name != null && NAME.matcher(name).matches()) {
      return true;
    }
    violation(Code.NAME_INVALID, path, String.valueOf(name), NAME.pattern());
    return false;
  }

  private void checkRetired(String path, String name) {
    if (retired.contains(name)) {
      violation(Code.NAME_RETIRED, path, name, "a name that is not retired");
    }
  }

  private void violation(Code code, String path, String given, String allowed) {
    violations.add(new SchemaViolation(code, path, given, allowed));
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a checked declaration has no value");
    }
    return value;
  }
}
