package io.tidaldb.schema;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Builds a [Schema]: `new SchemaBuilder().signal(…)….add()….build()`.
///
/// Nothing is checked before [#build()], which then reports everything at once. Not thread safe.
public final class SchemaBuilder {

  private final List<Declaration> declarations = new ArrayList<>();

  /// One call of the builder, kept as it was given.
  sealed interface Declaration {}

  record FieldDeclared(
      @Nullable EntityKind kind,
      @Nullable String name,
      @Nullable FieldType type,
      boolean searched,
      FieldRule rule)
      implements Declaration {}

  record Retired(@Nullable String name) implements Declaration {}

  record CoEngagementDeclared(CoEngagementRule rule) implements Declaration {}

  record InterestDeclared(@Nullable String field) implements Declaration {}

  record EmbeddingDeclared(
      @Nullable String name, @Nullable EntityKind kind, int dimensions, @Nullable Metric metric)
      implements Declaration {}

  record PolicyDeclared(@Nullable String name, SessionPolicy policy) implements Declaration {}

  /// A builder that already declares what the schema declares.
  public static SchemaBuilder from(Schema schema) {
    var builder = new SchemaBuilder();
    for (var kind : EntityKind.values()) {
      schema.fields(kind).stream()
          .filter(f -> !f.builtIn())
          .map(f -> new FieldDeclared(kind, f.name(), f.type(), f.searched(), f.rule()))
          .forEach(builder.declarations::add);
    }
    schema.retired().forEach(builder::retire);
    schema.interestFields().forEach(builder::interestField);
    schema
        .embeddingSlots()
        .forEach(s -> builder.embeddingSlot(s.name(), s.kind(), s.dimensions(), s.metric()));
    builder.declarations.add(new CoEngagementDeclared(schema.coEngagement()));
    schema
        .declaredPolicies()
        .forEach((name, policy) -> builder.declarations.add(new PolicyDeclared(name, policy)));
    for (var type : schema.signals()) {
      var definition =
          builder
              .signal(type.name(), type.target(), type.decay())
              .windows(type.windows().toArray(Window[]::new))
              .velocity(type.velocity())
              .signedWeights(type.signedWeights());
      type.meaning().ifPresent(definition::means);
      definition.add();
    }
    return builder;
  }

  /// Begins a signal type; [SignalDefinition#add()] ends it.
  ///
  /// @param name `[a-z][a-z0-9_]{0,63}`
  /// @param target the kind of entity that it happens to
  /// @param decay how an event's value fades
  public SignalDefinition signal(
      @Nullable String name, @Nullable EntityKind target, @Nullable Decay decay) {
    var definition = new SignalDefinition(this, name, target, decay);
    declarations.add(definition);
    return definition;
  }

  /// Declares a metadata field that is filtered or sorted by.
  ///
  /// @param kind the kind of entity that has it
  /// @param name `[a-z][a-z0-9_]{0,63}`
  /// @param type what it holds
  @CanIgnoreReturnValue
  public SchemaBuilder field(
      @Nullable EntityKind kind, @Nullable String name, @Nullable FieldType type) {
    return field(kind, name, type, rule -> rule);
  }

  /// Declares a metadata field that is filtered or sorted by, and more of it than its type.
  ///
  /// @param change for example `f -> f.fresh(Duration.ofMinutes(5))` for a live counter
  @CanIgnoreReturnValue
  public SchemaBuilder field(
      @Nullable EntityKind kind,
      @Nullable String name,
      @Nullable FieldType type,
      UnaryOperator<FieldRule> change) {
    var rule = change.apply(FieldRule.STANDARD);
    declarations.add(new FieldDeclared(kind, name, type, type == FieldType.TEXT, rule));
    return this;
  }

  /// Declares a text field of items.
  @CanIgnoreReturnValue
  public SchemaBuilder textField(@Nullable String name, TextType type) {
    return textField(EntityKind.ITEM, name, type);
  }

  /// Declares a field that is in the text index; a [TextType#KEYWORD] is also filtered by.
  @CanIgnoreReturnValue
  public SchemaBuilder textField(@Nullable EntityKind kind, @Nullable String name, TextType type) {
    var fieldType =
        switch (type) {
          case TEXT -> FieldType.TEXT;
          case KEYWORD -> FieldType.KEYWORD;
        };
    declarations.add(new FieldDeclared(kind, name, fieldType, true, FieldRule.STANDARD));
    return this;
  }

  /// Gives up a signal or field of the stored schema: its state is dropped, the name is never used
  /// again.
  @CanIgnoreReturnValue
  public SchemaBuilder retire(@Nullable String name) {
    declarations.add(new Retired(name));
    return this;
  }

  /// Declares a field of items whose values count as interests of users, at most 4; without any it
  /// is `category`. What was liked before is not counted anew.
  ///
  /// @param field a keyword or tags field of items
  @CanIgnoreReturnValue
  public SchemaBuilder interestField(@Nullable String field) {
    declarations.add(new InterestDeclared(field));
    return this;
  }

  /// Declares a place for one vector of each item or creator; at most 8 of a kind.
  ///
  /// @param name `[a-z][a-z0-9_]{0,63}`; preferences of users are learnt from the items' `content`
  /// @param kind items or creators
  /// @param dimensions 1 … 4,096
  /// @param metric how nearness is measured
  @CanIgnoreReturnValue
  public SchemaBuilder embeddingSlot(
      @Nullable String name, @Nullable EntityKind kind, int dimensions, @Nullable Metric metric) {
    declarations.add(new EmbeddingDeclared(name, kind, dimensions, metric));
    return this;
  }

  /// The same for items, nearness being the cosine.
  @CanIgnoreReturnValue
  public SchemaBuilder embeddingSlot(@Nullable String name, int dimensions) {
    return embeddingSlot(name, EntityKind.ITEM, dimensions, Metric.COSINE);
  }

  /// Declares what is kept of items that are liked together; what is not set stays as it was, at
  /// first [CoEngagementRule#STANDARD]. The half-life of a store that has edges cannot change.
  ///
  /// @param change for example `c -> c.capacity(200_000).window(30)`
  @CanIgnoreReturnValue
  public SchemaBuilder coEngagement(UnaryOperator<CoEngagementRule> change) {
    CoEngagementRule rule = CoEngagementRule.STANDARD;
    for (var declaration : declarations) {
      if (declaration instanceof CoEngagementDeclared declared) {
        rule = declared.rule();
      }
    }
    declarations.add(new CoEngagementDeclared(change.apply(rule)));
    return this;
  }

  /// Declares a session policy; what is not set has its default. The policy `default` exists unless
  /// it is declared.
  ///
  /// @param name `[a-z][a-z0-9_]{0,63}`
  /// @param fields sets the policy's fields
  @CanIgnoreReturnValue
  public SchemaBuilder sessionPolicy(
      @Nullable String name, Consumer<SessionPolicy.Builder> fields) {
    var policy = new SessionPolicy.Builder(String.valueOf(name));
    fields.accept(policy);
    declarations.add(new PolicyDeclared(name, policy.policy()));
    return this;
  }

  /// Checks everything and returns the schema. May be called again.
  ///
  /// @throws SchemaException with every violation, in order of declaration
  public Schema build() {
    return new SchemaCheck(declarations).schema();
  }

  /// A signal type that is being declared. Defaults: no windows, no velocity, no signed weights,
  /// and the meaning that its name says.
  public static final class SignalDefinition implements Declaration {

    private final SchemaBuilder builder;
    private final @Nullable String name;
    private final @Nullable EntityKind target;
    private final @Nullable Decay decay;
    private final Set<Window> windows = EnumSet.noneOf(Window.class);
    private boolean velocity;
    private boolean signedWeights;
    private @Nullable Meaning meaning;
    private boolean added;

    private SignalDefinition(
        SchemaBuilder builder,
        @Nullable String name,
        @Nullable EntityKind target,
        @Nullable Decay decay) {
      this.builder = builder;
      this.name = name;
      this.target = target;
      this.decay = decay;
    }

    /// The windows in which its events are counted; a repeated call replaces them.
    @CanIgnoreReturnValue
    public SignalDefinition windows(Window... given) {
      windows.clear();
      windows.addAll(List.of(given));
      return this;
    }

    /// Whether events per second can be read.
    @CanIgnoreReturnValue
    public SignalDefinition velocity(boolean on) {
      this.velocity = on;
      return this;
    }

    /// Whether weights may be negative.
    @CanIgnoreReturnValue
    public SignalDefinition signedWeights(boolean on) {
      this.signedWeights = on;
      return this;
    }

    /// What it says to built-in profiles and sort modes, whatever its name.
    @CanIgnoreReturnValue
    public SignalDefinition means(Meaning given) {
      this.meaning = given;
      return this;
    }

    /// Ends the definition.
    @CanIgnoreReturnValue
    public SchemaBuilder add() {
      added = true;
      return builder;
    }

    @Nullable String name() {
      return name;
    }

    @Nullable EntityKind target() {
      return target;
    }

    @Nullable Decay decay() {
      return decay;
    }

    Set<Window> windows() {
      return windows;
    }

    boolean velocity() {
      return velocity;
    }

    boolean signedWeights() {
      return signedWeights;
    }

    boolean added() {
      return added;
    }

    Optional<Meaning> meaning() {
      if (meaning != null) {
        return Optional.of(meaning);
      }
      return Meaning.ofLabel(name == null ? "" : name);
    }
  }
}
