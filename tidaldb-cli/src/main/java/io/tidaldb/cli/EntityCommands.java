package io.tidaldb.cli;

import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Metadata;
import io.tidaldb.schema.NotFoundException;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Write;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `tidal items`, `tidal creators` and `tidal users`: what is written about one entity.
final class EntityCommands {

  private EntityCommands() {}

  /// A command over one kind of entity; does nothing without a subcommand.
  abstract static sealed class Of implements Runnable {

    private final EntityKind kind;

    @Spec private CommandSpec spec;

    Of(EntityKind kind) {
      this.kind = kind;
    }

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "name a command");
    }

    private String noun() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  @Command(
      name = "items",
      mixinStandardHelpOptions = true,
      subcommands = {Get.class, Put.class, Delete.class},
      description = "Read, write and delete items.",
      footer = {
        "",
        "Examples:",
        "  tidal items get db/ 17",
        "  tidal items put db/ 17 title='Blue Train' category=jazz tags=live,sax",
        "  tidal items put db/ 17 --merge price=9.5 note=",
        "  tidal items delete db/ 17"
      })
  static final class Items extends Of {
    Items() {
      super(EntityKind.ITEM);
    }
  }

  @Command(
      name = "creators",
      mixinStandardHelpOptions = true,
      subcommands = {Get.class, Put.class, Delete.class},
      description = "Read, write and delete creators.",
      footer = {"", "Example:", "  tidal creators put db/ 9 name='John Coltrane' verified=true"})
  static final class Creators extends Of {
    Creators() {
      super(EntityKind.CREATOR);
    }
  }

  @Command(
      name = "users",
      mixinStandardHelpOptions = true,
      subcommands = {Get.class, Put.class, Erase.class},
      description = "Read, write and erase users.",
      footer = {
        "",
        "Examples:",
        "  tidal users put db/ 42 language=en interests=jazz,folk",
        "  tidal users get db/ 42 --json",
        "  tidal users erase db/ 42"
      })
  static final class Users extends Of {
    Users() {
      super(EntityKind.USER);
    }
  }

  /// Which entity of which database.
  private static final class Target {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "ID",
        converter = Moments.IdConverter.class,
        description = "The id, 0 to 2^64-1.")
    private EntityId id;
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Show what was written.",
      footer = {"", "Example:", "  tidal items get db/ 17 --json"})
  static final class Get implements Runnable {
    @ParentCommand private Of of;
    @Mixin private Target target;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        var entity =
            db.readEntity(of.kind, target.id)
                .orElseThrow(
                    () ->
                        new NotFoundException(
                            of.noun(), target.id.toString(), "it was not written, or is gone"));
        Facts.print(output, Shapes.entity(entity));
      }
    }
  }

  @Command(
      name = "put",
      mixinStandardHelpOptions = true,
      description = "Write one: its whole metadata, or with --merge some of it.",
      footer = {"", "Example:", "  tidal items put db/ 17 title='Blue Train' category=jazz"})
  static final class Put implements Runnable {
    @ParentCommand private Of of;
    @Mixin private Target target;

    @Parameters(
        index = "2..*",
        arity = "0..*",
        paramLabel = "KEY=VALUE",
        description = "Values, read by the types of the fields; tags are split at commas.")
    private List<String> values = List.of();

    @Option(
        names = "--merge",
        description = "Keep the other keys; an empty value takes its key away.")
    private boolean merge;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        var write =
            merge
                ? Write.update(of.kind, target.id, values(Metadata.REMOVE), Optional.empty())
                : Write.entity(of.kind, target.id, values(""), Optional.empty());
        print(output, db.write(List.of(write)).getFirst(), "written");
      }
    }

    /// @param empty stands for an empty value
    private Map<String, Object> values(Object empty) {
      var map = new LinkedHashMap<String, Object>();
      for (var pair : values) {
        int at = pair.indexOf('=');
        if (at < 1) {
          throw new InvalidRequestException(
              "OPTION_INVALID", "not a value: given=" + pair + " wanted=KEY=VALUE");
        }
        var value = pair.substring(at + 1);
        map.put(pair.substring(0, at), value.isEmpty() ? empty : value);
      }
      return map;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete one with its signals; hides of it stay.",
      footer = {"", "Example:", "  tidal items delete db/ 17"})
  static final class Delete implements Runnable {
    @ParentCommand private Of of;
    @Mixin private Target target;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        var write = Write.delete(of.kind, target.id, Optional.empty());
        print(output, db.write(List.of(write)).getFirst(), "deleted");
      }
    }
  }

  @Command(
      name = "erase",
      mixinStandardHelpOptions = true,
      description = "Forget a user everywhere, for ever. A creator of the same id stays.",
      footer = {"", "Example:", "  tidal users erase db/ 42"})
  static final class Erase implements Runnable {
    @ParentCommand private Of of;
    @Mixin private Target target;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        var receipt = db.eraseUser(target.id);
        var facts = new LinkedHashMap<String, Object>();
        facts.put(of.noun(), receipt.user().toString());
        facts.put("position", receipt.position());
        facts.put("at", receipt.at().toString());
        facts.put("removed", receipt.removed());
        Facts.print(output, facts);
      }
    }
  }

  private static void print(Output output, Receipt receipt, String done) {
    if (output.isJson()) {
      output.json(Map.of("position", receipt.position(), "duplicate", receipt.duplicate()));
    } else if (receipt.duplicate()) {
      output.line("nothing to do");
    } else {
      output.line(done + " at position " + receipt.position());
    }
  }
}
