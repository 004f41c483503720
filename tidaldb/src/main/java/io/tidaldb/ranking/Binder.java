package io.tidaldb.ranking;

import io.tidaldb.ledger.SignalReader;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FieldType;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Results.Warning;
import io.tidaldb.schema.SignalType;
import io.tidaldb.schema.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks up what formulas name: turns meanings, signals and fields into columns, and reads the
/// sizes of the whole. Signals that happen to another kind of entity count as undeclared.
final class Binder {

  private final RankingScope scope;
  private final List<Warning> warnings;
  private final Inputs inputs = new Inputs();
  private double live = -1;
  private double prior = -1;

  Binder(RankingScope scope, List<Warning> warnings) {
    this.scope = scope;
    this.warnings = warnings;
  }

  RankingScope scope() {
    return scope;
  }

  Inputs inputs() {
    return inputs;
  }

  SignalReader signals() {
    return scope.signals().get();
  }

  /// N, how many entities are live.
  double live() {
    if (live < 0) {
      live = scope.normalisers().next(() -> (double) scope.items().liveCount());
    }
    return live;
  }

  /// Fills columns of a batch.
  void fill(List<Integer> columns, Batch batch) {
    for (int c = 0; c < columns.size(); c++) {
      inputs.fill(columns.get(c), scope, batch);
    }
  }

  /// The widest window that a type declares: its counts are the least of effort to read, and no
  /// count in another window exceeds them.
  Window widest(int id) {
    // The derived type of first views has the windows of views.
    var type = byId(id).or(() -> signal(Meaning.VIEW));
    return type.orElseThrow().windows().stream().max(Window::compareTo).orElseThrow();
  }

  private Optional<SignalType> byId(int id) {
    return scope.schema().signals().stream().filter(t -> t.id().value() == id).findFirst();
  }

  /// The signal of this name, else the one that has the meaning of this name.
  Optional<SignalType> signal(String name) {
    return scope
        .schema()
        .signal(name)
        .filter(this::happensHere)
        .or(() -> Meaning.ofLabel(name).flatMap(this::signal));
  }

  Optional<SignalType> signal(Meaning meaning) {
    return scope.schema().signal(meaning).filter(this::happensHere);
  }

  private boolean happensHere(SignalType type) {
    return type.target() == scope.kind();
  }

  /// Whether the kind has a field with numbers of this name.
  boolean hasNumbers(String field) {
    return isNumeric(scope.schema(), scope.kind(), field);
  }

  static boolean isNumeric(io.tidaldb.schema.Schema schema, EntityKind kind, String field) {
    return schema
        .field(kind, field)
        .map(f -> f.type())
        .filter(
            t ->
                t == FieldType.INTEGER
                    || t == FieldType.NUMBER
                    || t == FieldType.DURATION
                    || t == FieldType.TIME)
        .isPresent();
  }

  /// The column of a meaning's windowed count; [Inputs#NONE] where no signal has the meaning.
  int count(Meaning meaning, Window window) {
    return signal(meaning).map(type -> count(type, window)).orElse(Inputs.NONE);
  }

  int count(SignalType type, Window window) {
    var used = countWindow(type, window);
    return inputs.column(new Input.Count(type.name(), type.id().value(), used));
  }

  /// The window in which a count is read.
  private Window countWindow(SignalType type, Window asked) {
    return scope.coarse() && type.windows().contains(Window.ALL_TIME)
        ? Window.ALL_TIME
        : Windows.forCount(type, asked, warnings);
  }

  /// The window in which a velocity is read. What is refused does not depend on the load.
  private Window velocityWindow(SignalType type, Window asked) {
    if (scope.coarse() && type.windows().contains(Window.TWENTY_FOUR_HOURS)) {
      var _ = Windows.forVelocity(type, asked, new ArrayList<>());
      return Window.TWENTY_FOUR_HOURS;
    }
    return Windows.forVelocity(type, asked, warnings);
  }

  int age() {
    return inputs.column(new Input.Age());
  }

  int number(String field) {
    return inputs.column(new Input.FieldNumber(field));
  }

  int together() {
    return inputs.column(new Input.Together());
  }

  int recent() {
    return inputs.column(new Input.Recent());
  }

  /// Whether creators have a number of this name, or it is computed.
  static boolean isNumberOfCreators(io.tidaldb.schema.Schema schema, String field) {
    return field.equals(CreatorFacts.FOLLOWERS) || isNumeric(schema, EntityKind.CREATOR, field);
  }

  /// The column of an input.
  int column(Input input) {
    return inputs.column(input);
  }

  /// Says so if a network was cut.
  void warnIfCapped(Network network) {
    var warning = new Warning("FAN_OUT_CAPPED", "depth=1 users=" + network.users());
    if (network.isCapped() && !warnings.contains(warning)) {
      warnings.add(warning);
    }
  }

  int preferred() {
    return inputs.column(new Input.Preferred());
  }

  int similar() {
    return inputs.column(new Input.Similar());
  }

  int affinity() {
    return inputs.column(new Input.Affinity());
  }

  int chance() {
    return inputs.column(new Input.Chance(scope.seed()));
  }

  /// The share rule over a windowed count.
  BoundFeature countShare(SignalType type, Window window, String name) {
    var used = countWindow(type, window);
    double n = live();
    double whole =
        scope.normalisers().next(() -> (double) signals().totalCount(type.id().value(), used));
    return new BoundFeature.Share(name, count(type, used), "", whole, n, Math.sqrt(n));
  }

  /// The share rule over a decayed score.
  BoundFeature decayedShare(SignalType type, String name) {
    double n = live();
    double whole = scope.normalisers().next(() -> signals().totalDecayScore(type.id().value()));
    int column = inputs.column(new Input.Decayed(type.name(), type.id().value()));
    return new BoundFeature.Share(name, column, "", whole, n, Math.sqrt(n));
  }

  /// The share rule over a velocity; `id` is the type's, or that of the derived type of first
  /// views.
  BoundFeature velocityShare(SignalType type, int id, String label, Window window, String name) {
    var used = velocityWindow(type, window);
    double n = live();
    double seconds = used.seconds();
    double whole = scope.normalisers().next(() -> signals().totalCount(id, used) / seconds);
    int column = inputs.column(new Input.Velocity(label, id, used));
    return new BoundFeature.Share(name, column, "/s", whole, n, Math.sqrt(n));
  }

  /// The share of views that are finished in the whole population, the prior of completion rates.
  private double prior(SignalType completion, SignalType view, Window all) {
    if (prior < 0) {
      prior =
          scope
              .normalisers()
              .next(
                  () -> {
                    double views = signals().totalCount(view.id().value(), all);
                    double finished = signals().totalWeightSum(completion.id().value());
                    return views > 0 ? Math.max(0, Math.min(finished, views)) / views : 0.5;
                  });
    }
    return prior;
  }

  /// The completion rate, or what is missing for it.
  BoundFeature completionRate() {
    var completion = signal(Meaning.COMPLETION);
    var view = signal(Meaning.VIEW);
    if (completion.isEmpty() || view.isEmpty()) {
      return missing("completion_rate", completion.isEmpty() ? Meaning.COMPLETION : Meaning.VIEW);
    }
    var all = countWindow(view.get(), Window.ALL_TIME);
    double p = prior(completion.get(), view.get(), all);
    int views = count(view.get(), all);
    int finished = finished(completion.get());
    Formula rate = (in, i) -> Formulas.completionRate(in[finished][i], in[views][i], p);
    return new BoundFeature.Bounded(
        "completion_rate",
        rate,
        (in, i) ->
            "finished "
                + words(in, finished, i)
                + " of "
                + words(in, views, i)
                + ", prior "
                + BoundFeature.number(p),
        rate,
        List.of(views, finished));
  }

  private int finished(SignalType completion) {
    return inputs.column(new Input.WeightSum(completion.name(), completion.id().value()));
  }

  /// The quality, or what is missing for it.
  BoundFeature quality() {
    var completion = signal(Meaning.COMPLETION);
    var view = signal(Meaning.VIEW);
    if (completion.isPresent() && view.isPresent()) {
      int views = count(view.get(), Window.ALL_TIME);
      int finished = finished(completion.get());
      return new BoundFeature.Bounded(
          "quality",
          (in, i) -> Formulas.wilson(in[finished][i], in[views][i]),
          (in, i) -> "finished " + words(in, finished, i) + " of " + words(in, views, i),
          (in, i) -> Formulas.wilsonAbove(in[finished][i], in[views][i]),
          List.of(views, finished));
    }
    int likes = count(Meaning.LIKE, Window.ALL_TIME);
    int dislikes = count(Meaning.DISLIKE, Window.ALL_TIME);
    if (completion.isPresent() || likes == Inputs.NONE) {
      return missing("quality", completion.isPresent() ? Meaning.VIEW : Meaning.LIKE);
    }
    return new BoundFeature.Bounded(
        "quality",
        (in, i) -> Formulas.wilson(in[likes][i], in[likes][i] + Inputs.value(in, dislikes, i)),
        (in, i) -> "likes " + words(in, likes, i) + ", dislikes " + words(in, dislikes, i),
        (in, i) -> Formulas.wilsonAbove(in[likes][i], in[likes][i] + Inputs.value(in, dislikes, i)),
        List.of(likes, dislikes));
  }

  static BoundFeature missing(String name, Meaning meaning) {
    return new BoundFeature.Missing(name, "no signal means " + meaning.label());
  }

  static String words(double[][] in, int column, int i) {
    return column == Inputs.NONE ? "undeclared" : BoundFeature.number(in[column][i]);
  }
}
