package io.tidaldb.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// A comparison of profiles on real requests: who asks with the experiment's name is ranked by one
/// of its variants, always the same one, or sees two of them interleaved.
///
/// @param name `[a-z][a-z0-9_]{0,63}`
/// @param salt decides, with the unit's id, who gets which variant: experiments of different salts
///   are independent; 1 … 64 characters
/// @param unit what keeps its variant: a user or a session
/// @param variants what is compared, 1 … 16; exactly two to interleave
/// @param mode whether each request gets one variant or both
/// @param from before this time every request gets the first variant; empty for ever before
/// @param until from this time on every request gets the first variant; empty for ever after
public record Experiment(
    String name,
    String salt,
    Unit unit,
    List<Variant> variants,
    Mode mode,
    Optional<Timestamp> from,
    Optional<Timestamp> until) {

  public Experiment {
    variants = List.copyOf(variants);
  }

  /// What keeps its variant.
  public enum Unit {
    /// The request's user.
    USER,
    /// The request's session.
    SESSION;

    /// The name in JSON: lower case.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How variants meet requests.
  public enum Mode {
    /// Each unit gets one variant, as often as its share says.
    SPLIT,
    /// Each page holds hits of both variants in turn, and each hit says whose it is.
    INTERLEAVE
  }

  /// One of what is compared.
  ///
  /// @param profile the profile's name
  /// @param version its version; empty for the newest at the moment of saving, which it stays
  /// @param share how much of all units get it, above 0 and up to 1; all shares sum to 1
  public record Variant(String profile, OptionalInt version, double share) {

    /// `name@version`, or the name alone.
    public String label() {
      return version.isPresent() ? profile + "@" + version.getAsInt() : profile;
    }
  }

  /// Begins an experiment of this name, over users, its salt its name.
  public static Builder named(String name) {
    return new Builder(name);
  }

  /// The same experiment with these variants.
  public Experiment withVariants(List<Variant> newVariants) {
    return new Experiment(name, salt, unit, newVariants, mode, from, until);
  }

  /// Whether variants other than the first are in use at a time.
  public boolean isRunning(Timestamp at) {
    return from.filter(begin -> at.compareTo(begin) < 0).isEmpty()
        && until.filter(end -> at.compareTo(end) >= 0).isEmpty();
  }

  /// Builds an [Experiment].
  public static final class Builder {
    private final String name;
    private String salt;
    private Unit unit = Unit.USER;
    private Mode mode = Mode.SPLIT;
    private final List<Variant> variants = new ArrayList<>();
    private Optional<Timestamp> from = Optional.empty();
    private Optional<Timestamp> until = Optional.empty();

    private Builder(String name) {
      this.name = name;
      this.salt = name;
    }

    /// Decides who gets which variant.
    public Builder salt(String newSalt) {
      salt = newSalt;
      return this;
    }

    /// What keeps its variant.
    public Builder unit(Unit newUnit) {
      unit = newUnit;
      return this;
    }

    /// Adds this version of a profile.
    public Builder variant(String profile, int version, double share) {
      variants.add(new Variant(profile, OptionalInt.of(version), share));
      return this;
    }

    /// Adds the newest version of a profile.
    public Builder variant(String profile, double share) {
      variants.add(new Variant(profile, OptionalInt.empty(), share));
      return this;
    }

    /// Shows both variants on each page, in turn.
    public Builder interleave() {
      mode = Mode.INTERLEAVE;
      return this;
    }

    /// Begins at this time.
    public Builder from(Timestamp time) {
      from = Optional.of(time);
      return this;
    }

    /// Ends at this time.
    public Builder until(Timestamp time) {
      until = Optional.of(time);
      return this;
    }

    /// The experiment, unsaved; what it says is checked when it is saved.
    public Experiment build() {
      return new Experiment(name, salt, unit, variants, mode, from, until);
    }
  }
}
