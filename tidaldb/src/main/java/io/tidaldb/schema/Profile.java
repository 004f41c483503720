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
/// @param sources at most 8 places where candidates come from; none for everything allowed
/// @param diversity limits on how alike neighbours are, unless the query says others
/// @param explore the share of hits that are drawn from what is new and hardly shown yet, 0 … 0.5,
///   unless the query says another
/// @param cold what ranks for users of whom little is known; the two blend as more is
public record Profile(
    String name,
    int version,
    String description,
    Optional<Window> window,
    Optional<Sort> sort,
    List<Term> score,
    List<Gate> gates,
    List<Source> sources,
    Diversity diversity,
    double explore,
    Optional<Cold> cold) {

  public Profile {
    score = List.copyOf(score);
    gates = List.copyOf(gates);
    sources = List.copyOf(sources);
    // −0 is 0.
    explore += 0.0;
  }

  /// What a profile is for a user of whom nothing is known.
  ///
  /// @param sources at most 8 places where candidates come from; none for everything allowed
  /// @param score 1 … 32 terms
  public record Cold(List<Source> sources, List<Term> score) {
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
    var draft = new Builder(this);
    draft.gates.clear();
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
    private final List<Source> sources = new ArrayList<>();
    private Diversity diversity = Diversity.NONE;
    private double explore;
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
      sources.addAll(from.sources);
      diversity = from.diversity;
      explore = from.explore;
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
          sources,
          diversity,
          explore,
          cold);
    }
  }
}
