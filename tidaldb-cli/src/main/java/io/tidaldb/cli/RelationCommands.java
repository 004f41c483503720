package io.tidaldb.cli;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Relation;
import io.tidaldb.schema.RelationType;
import io.tidaldb.schema.Target;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `tidal relations`: how a user stands to others.
@Command(
    name = "relations",
    mixinStandardHelpOptions = true,
    subcommands = {
      RelationCommands.List.class,
      RelationCommands.Set.class,
      RelationCommands.Remove.class,
      RelationCommands.Followers.class
    },
    description = "Follows, blocks, hides, mutes and affinities.",
    footer = {
      "",
      "Examples:",
      "  tidal relations list db/ 42 follow",
      "  tidal relations set db/ 42 follow 9",
      "  tidal relations set db/ 42 block 7 --on user",
      "  tidal relations remove db/ 42 hide 17",
      "  tidal relations followers db/ 9"
    })
final class RelationCommands implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /// Whose relations, and of which type.
  private static final class Side {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "USER",
        converter = Moments.IdConverter.class,
        description = "The user.")
    private EntityId user;

    @Parameters(
        index = "2",
        paramLabel = "TYPE",
        converter = TypeConverter.class,
        description = "follow, block, hide, mute or affinity.")
    private RelationType type;
  }

  /// What the other end is, where the type does not say it.
  private static final class On {
    @Option(
        names = "--on",
        paramLabel = "KIND",
        converter = KindConverter.class,
        description = "What the target is: item, user, creator; else what the type takes first.")
    private @Nullable EntityKind kind;

    private Target target(RelationType type, EntityId id) {
      if (kind != null) {
        return new Target(kind, id);
      }
      return type == RelationType.HIDE ? Target.item(id) : Target.creator(id);
    }
  }

  private static final class KindConverter implements ITypeConverter<EntityKind> {
    @Override
    public EntityKind convert(String text) {
      return Arrays.stream(EntityKind.values())
          .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("no such kind: given=" + text));
    }
  }

  private static final class TypeConverter implements ITypeConverter<RelationType> {
    @Override
    public RelationType convert(String text) {
      return Arrays.stream(RelationType.values())
          .filter(type -> type.label().equals(text))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("no such relation: given=" + text));
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show a user's relations of a type, newest first.")
  static final class List implements Runnable {
    @Mixin private Side side;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "At most so many, 1 to 1000; else ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(side.directory)) {
        var page = db.relations(side.user, side.type, PageRequest.first(limit));
        if (output.isJson()) {
          page.items().forEach(relation -> output.json(shape(relation)));
          return;
        }
        var table = new Table("target", ">weight", "since", "changed");
        page.items()
            .forEach(
                relation ->
                    table.row(
                        relation.target(),
                        "%.4f".formatted(relation.weight()),
                        relation.since(),
                        relation.changed()));
        table.print(output);
      }
    }

    private static Map<String, Object> shape(Relation relation) {
      var shape = new LinkedHashMap<String, Object>();
      shape.put("user", relation.user().toString());
      shape.put("type", relation.type().label());
      shape.put("kind", relation.target().kind().name().toLowerCase(Locale.ROOT));
      shape.put("target", relation.target().id().toString());
      shape.put("weight", relation.weight());
      shape.put("since", relation.since().toString());
      shape.put("changed", relation.changed().toString());
      return shape;
    }
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Begin a relation, or give it another weight.")
  static final class Set implements Runnable {
    @Mixin private Side side;

    @Parameters(
        index = "3",
        paramLabel = "TARGET",
        converter = Moments.IdConverter.class,
        description = "The id of the other end.")
    private EntityId target;

    @Mixin private On on;

    @Option(
        names = "--weight",
        paramLabel = "W",
        defaultValue = "1",
        description = "0 to 1e9; else ${DEFAULT-VALUE}.")
    private double weight;

    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(side.directory)) {
        var time = at.moment(db);
        print(
            output,
            db.setRelation(side.user, side.type, on.target(side.type, target), weight, time),
            "set");
      }
    }
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "End a relation.")
  static final class Remove implements Runnable {
    @Mixin private Side side;

    @Parameters(
        index = "3",
        paramLabel = "TARGET",
        converter = Moments.IdConverter.class,
        description = "The id of the other end.")
    private EntityId target;

    @Mixin private On on;
    @Mixin private Moments.AtOption at;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(side.directory)) {
        var time = at.moment(db);
        print(
            output,
            db.removeRelation(side.user, side.type, on.target(side.type, target), time),
            "removed");
      }
    }
  }

  @Command(
      name = "followers",
      mixinStandardHelpOptions = true,
      description = "Show who follows a creator, or with --on user a user.")
  static final class Followers implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "TARGET",
        converter = Moments.IdConverter.class,
        description = "The id of who is followed.")
    private EntityId id;

    @Option(
        names = "--on",
        paramLabel = "KIND",
        defaultValue = "creator",
        converter = KindConverter.class,
        description = "user or creator; else ${DEFAULT-VALUE}.")
    private EntityKind kind;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(directory)) {
        var target = new Target(kind, id);
        var facts = new LinkedHashMap<String, Object>();
        facts.put("target", target.toString());
        facts.put("count", db.followerCount(target));
        facts.put(
            "followers",
            db.followers(target, PageRequest.first()).items().stream()
                .map(EntityId::toString)
                .toList());
        Facts.print(output, facts);
      }
    }
  }

  private static void print(Output output, Receipt receipt, String done) {
    if (output.isJson()) {
      output.json(Map.of("position", receipt.position(), "duplicate", receipt.duplicate()));
    } else {
      output.line(
          receipt.duplicate() ? "nothing to do" : done + " at position " + receipt.position());
    }
  }
}
