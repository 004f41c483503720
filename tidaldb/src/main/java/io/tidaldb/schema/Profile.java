package io.tidaldb.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A named, versioned ranking function: data, immutable once saved.
///
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param version 1, 2, … as saved; 0 before it is saved
/// @param description for people
/// @param window the window of [Feature.Trending] and of sorts that take one, unless the query says
///   another
/// @param sort a fixed order in the place of `score`
/// @param score 1 … 32 terms; empty if `sort` is present
/// @param gates at most 16 conditions that drop a candidate
/// @param boosts at most 16 factors of the score, where something holds
/// @param filter what may be returned, whatever the query allows
/// @param sources at most 8 places where candidates come from; none for everything allowed. With a
///   `sort` the page holds what they give and nothing else
/// @param diversity limits on how alike neighbours are, unless the query says others
/// @param explore the share of hits that are drawn from what is new and hardly shown yet, 0 … 0.5,
///   unless the query says another
/// @param caps how much may be sent to a user, unless the query says other caps
/// @param cold what ranks for users of whom little is known; the two blend as more is
public record Profile(
    String name,
    int version,
    String description,
    Optional<Window> window,
    Optional<Sort> sort,
    List<Term> score,
    List<Gate> gates,
    List<Boost> boosts,
    Filter filter,
    List<Source> sources,
    Diversity diversity,
    double explore,
    NotificationCaps caps,
    Optional<Cold> cold) {

  public Profile {
    score = List.copyOf(score);
    gates = List.copyOf(gates);
    boosts = List.copyOf(boosts);
    filter = filter.canonical();
    sources = List.copyOf(sources);
    // −0 is 0.
    explore += 0.0;
  }

  /// What a profile is for a user of whom nothing is known.
  ///
  /// @param sources at most 8 places where candidates come from; none for everything allowed
  /// @param sort a fixed order in the place of `score`, as long as nothing is known
  /// @param score 1 … 32 terms; empty if `sort` is present
  public record Cold(List<Source> sources, Optional<Sort> sort, List<Term> score) {

    /// Terms.
    public Cold(List<Source> sources, List<Term> score) {
      this(sources, Optional.empty(), score);
    }

    public Cold {
      sources = List.copyOf(sources);
      score = List.copyOf(score);
    }
  }

  /// weight · u(feature).
  ///
  /// @param feature what is read
  /// @param weight −10 … 10
  public record Term(Feature feature, double weight) {}

  /// Drops a candidate whose feature lies outside `min … max`; a feature that cannot be computed
  /// passes.
  public record Gate(Feature feature, OptionalDouble min, OptionalDouble max) {}

  /// Multiplies the score where something holds. What nobody can know, as a state without a user,
  /// does not hold.
  ///
  /// @param factor 0 … 10
  public record Boost(Filter when, double factor) {
    public Boost {
      when = when.canonical();
      // −0 is 0.
      factor += 0.0;
    }
  }

  /// Begins a profile of this name.
  public static Builder named(String name) {
    return new Builder(name);
  }

  /// The same profile as this version.
  public Profile withVersion(int newVersion) {
    var draft = new Builder(this);
    draft.version = newVersion;
    return draft.build();
  }

  /// The same profile, dropping nothing.
  public Profile withoutGates() {
    return withGates(List.of());
  }

  /// The same profile with other gates.
  public Profile withGates(List<Gate> newGates) {
    var draft = new Builder(this);
    draft.gates.clear();
    draft.gates.addAll(newGates);
    return draft.build();
  }

  /// Builds a [Profile].
  public static final class Builder {
    private final String name;
    private int version;
    private String description = "";
    private Optional<Window> window = Optional.empty();
    private Optional<Sort> sort = Optional.empty();
    private final List<Term> score = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Boost> boosts = new ArrayList<>();
    private Filter filter = Filter.all();
    private final List<Source> sources = new ArrayList<>();
    private Diversity diversity = Diversity.NONE;
    private double explore;
    private NotificationCaps caps = NotificationCaps.NONE;
    private Optional<Cold> cold = Optional.empty();

    private Builder(String name) {
      this.name = name;
    }

    private Builder(Profile from) {
      name = from.name;
      version = from.version;
      description = from.description;
      window = from.window;
      sort = from.sort;
      score.addAll(from.score);
      gates.addAll(from.gates);
      boosts.addAll(from.boosts);
      filter = from.filter;
      sources.addAll(from.sources);
      diversity = from.diversity;
      explore = from.explore;
      caps = from.caps;
      cold = from.cold;
    }

    /// For people.
    public Builder description(String text) {
      description = text;
      return this;
    }

    /// The default window.
    public Builder window(Window newWindow) {
      window = Optional.of(newWindow);
      return this;
    }

    /// A fixed order instead of terms.
    public Builder sort(Sort newSort) {
      sort = Optional.of(newSort);
      return this;
    }

    /// Adds weight · u(feature) to the score.
    public Builder term(Feature feature, double weight) {
      score.add(new Term(feature, weight));
      return this;
    }

    /// Takes candidates from here too.
    public Builder source(Source source) {
      sources.add(source);
      return this;
    }

    /// Limits how alike neighbours are.
    public Builder diversity(Diversity limits) {
      diversity = limits;
      return this;
    }

    /// Draws this share of hits from what is new and hardly shown yet.
    public Builder explore(double share) {
      explore = share;
      return this;
    }

    /// Sends no more than this.
    public Builder caps(NotificationCaps newCaps) {
      caps = newCaps;
      return this;
    }

    /// Multiplies the score where something holds.
    public Builder boost(Filter when, double factor) {
      boosts.add(new Boost(when, factor));
      return this;
    }

    /// Returns only what fits.
    public Builder filter(Filter newFilter) {
      filter = newFilter;
      return this;
    }

    /// Ranks by a fixed order for users of whom nothing is known.
    public Builder cold(List<Source> coldSources, Sort coldSort) {
      cold = Optional.of(new Cold(coldSources, Optional.of(coldSort), List.of()));
      return this;
    }

    /// Ranks so for users of whom nothing is known.
    public Builder cold(List<Source> coldSources, List<Term> coldScore) {
      cold = Optional.of(new Cold(coldSources, coldScore));
      return this;
    }

    /// Drops candidates so.
    public Builder gate(Gate gate) {
      gates.add(gate);
      return this;
    }

    /// Drops candidates whose feature is below `min`.
    public Builder atLeast(Feature feature, double min) {
      gates.add(new Gate(feature, OptionalDouble.of(min), OptionalDouble.empty()));
      return this;
    }

    /// Drops candidates whose feature is above `max`.
    public Builder atMost(Feature feature, double max) {
      gates.add(new Gate(feature, OptionalDouble.empty(), OptionalDouble.of(max)));
      return this;
    }

    /// The profile, unsaved; what it says is checked when it is saved or used.
    public Profile build() {
      return new Profile(
          name,
          version,
          description,
          window,
          sort,
          score,
          gates,
          boosts,
          filter,
          sources,
          diversity,
          explore,
          caps,
          cold);
    }
  }
}
