package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.CollectionInfo;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.PageRequest;
import io.tidaldb.schema.Receipt;
import io.tidaldb.schema.Visibility;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tidal collections`: owned, named, ordered sets of items. Does nothing without a subcommand.
@Command(
    name = "collections",
    mixinStandardHelpOptions = true,
    subcommands = {
      CollectionsCommand.ListOwned.class,
      CollectionsCommand.Show.class,
      CollectionsCommand.Create.class,
      CollectionsCommand.Add.class,
      CollectionsCommand.Remove.class,
      CollectionsCommand.Move.class,
      CollectionsCommand.Rename.class,
      CollectionsCommand.SetVisibility.class,
      CollectionsCommand.Share.class,
      CollectionsCommand.Unshare.class,
      CollectionsCommand.Delete.class
    },
    description = "Read and change collections of items.",
    footer = {
      "",
      "Examples:",
      "  tidal collections create db/ 42 favorites --visibility public",
      "  tidal collections add db/ 1 17 18 19",
      "  tidal collections move db/ 1 19 0",
      "  tidal collections show db/ 1",
      "  tidal collections list db/ 42 --viewer 7 --json"
    })
final class CollectionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /// Which collection of which database.
  private static final class Target {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "COLLECTION",
        converter = Moments.IdConverter.class,
        description = "The collection's id.")
    private EntityId collection;

    private CollectionId id() {
      return CollectionId.of(collection.value());
    }
  }

  /// Who asks.
  private static final class ViewerOption {
    @Option(
        names = "--viewer",
        paramLabel = "ID",
        converter = Moments.IdConverter.class,
        description = "What this user may see; without it, everything.")
    private @Nullable EntityId viewer;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the collections of an owner.",
      footer = {"", "Example:", "  tidal collections list db/ 42"})
  static final class ListOwned implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "OWNER",
        converter = Moments.IdConverter.class,
        description = "The user who owns them.")
    private EntityId owner;

    @Option(
        names = "--with",
        paramLabel = "ITEM",
        converter = Moments.IdConverter.class,
        description = "Only those that hold this item.")
    private @Nullable EntityId item;

    @Mixin private ViewerOption viewer;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(directory)) {
        var found = find(db);
        if (output.isJson()) {
          found.forEach(info -> output.json(shape(info)));
          return;
        }
        var table = new Table(">id", "name", "visibility", ">items", "changed");
        for (var info : found) {
          table.row(
              info.id(),
              info.name(),
              info.visibility().label(),
              "%,d".formatted(info.itemCount()),
              info.changed());
        }
        table.print(output);
      }
    }

    private List<CollectionInfo> find(TidalDb db) {
      var listed =
          viewer.viewer == null
              ? db.listCollections(owner)
              : db.listCollections(owner, viewer.viewer);
      if (item == null) {
        return listed;
      }
      var holding = db.collectionsOf(item, owner).stream().map(CollectionInfo::id).toList();
      return listed.stream().filter(info -> holding.contains(info.id())).toList();
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a collection and a page of its members in order.",
      footer = {"", "Example:", "  tidal collections show db/ 1 --limit 20"})
  static final class Show implements Runnable {
    @Mixin private Target target;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "Members, 1 to 1000; else ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--after",
        paramLabel = "TOKEN",
        description = "What the page before gave as next.")
    private @Nullable String after;

    @Mixin private ViewerOption viewer;
    @Mixin private Output output;

    @Override
    public void run() {
      var request = new PageRequest(limit, Optional.ofNullable(after));
      try (var db = Stores.open(target.directory)) {
        var id = target.id();
        var who = viewer.viewer;
        var info = who == null ? db.collection(id) : db.collection(id, who);
        var page =
            who == null ? db.collectionItems(id, request) : db.collectionItems(id, who, request);
        var facts = shape(info);
        if (output.isJson()) {
          facts.put(
              "members",
              page.items().stream()
                  .map(
                      member ->
                          Map.of(
                              "item", member.item().toString(),
                              "index", member.index(),
                              "added_at", member.addedAt().toString()))
                  .toList());
          facts.put("next", page.next().orElse(null));
          output.json(facts);
          return;
        }
        Facts.print(output, facts);
        var table = new Table(">index", ">item", "added at");
        page.items().forEach(m -> table.row(m.index(), m.item(), m.addedAt()));
        table.print(output);
        page.next().ifPresent(token -> output.note("more: --after " + token));
      }
    }
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Create a collection; prints its id.",
      footer = {"", "Example:", "  tidal collections create db/ 42 favorites"})
  static final class Create implements Runnable {
    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
        index = "1",
        paramLabel = "OWNER",
        converter = Moments.IdConverter.class,
        description = "The user who owns it.")
    private EntityId owner;

    @Parameters(index = "2", paramLabel = "NAME", description = "Unlike the owner's others.")
    private String name;

    @Option(
        names = "--visibility",
        paramLabel = "LEVEL",
        defaultValue = "PRIVATE",
        description = "private, unlisted or public; else private.")
    private Visibility visibility;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(directory)) {
        var id = db.createCollection(owner, name, visibility);
        if (output.isJson()) {
          output.json(Map.of("id", id.toString()));
        } else {
          output.line(id.toString());
        }
      }
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Make items members: all of them, or none.",
      footer = {
        "",
        "Examples:",
        "  tidal collections add db/ 1 17 18",
        "  tidal collections add db/ 1 19 --at 0"
      })
  static final class Add implements Runnable {
    @Mixin private Target target;

    @Parameters(
        index = "2..*",
        arity = "1..*",
        paramLabel = "ITEM",
        converter = Moments.IdConverter.class,
        description = "The items.")
    private List<EntityId> items;

    @Option(
        names = "--at",
        paramLabel = "INDEX",
        description = "The place of one item, from 0; else the end.")
    private @Nullable Integer at;

    @Spec private CommandSpec spec;
    @Mixin private Output output;

    @Override
    public void run() {
      if (at != null && items.size() != 1) {
        throw new ParameterException(spec.commandLine(), "--at wants one item");
      }
      try (var db = Stores.open(target.directory)) {
        int added =
            at == null
                ? db.addAllToCollection(target.id(), items)
                : db.addToCollection(target.id(), items.getFirst(), at) ? 1 : 0;
        if (output.isJson()) {
          output.json(Map.of("added", added));
        } else {
          output.line(added == 0 ? "nothing to do" : "added " + added);
        }
      }
    }
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Take an item out.",
      footer = {"", "Example:", "  tidal collections remove db/ 1 17"})
  static final class Remove implements Runnable {
    @Mixin private Target target;

    @Parameters(
        index = "2",
        paramLabel = "ITEM",
        converter = Moments.IdConverter.class,
        description = "The item.")
    private EntityId item;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, "removed", db.removeFromCollection(target.id(), item));
      }
    }
  }

  @Command(
      name = "move",
      mixinStandardHelpOptions = true,
      description = "Give a member another place.",
      footer = {"", "Example:", "  tidal collections move db/ 1 17 0"})
  static final class Move implements Runnable {
    @Mixin private Target target;

    @Parameters(
        index = "2",
        paramLabel = "ITEM",
        converter = Moments.IdConverter.class,
        description = "The item.")
    private EntityId item;

    @Parameters(
        index = "3",
        paramLabel = "INDEX",
        description = "Its place after the move, from 0.")
    private int index;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, "moved", db.moveInCollection(target.id(), item, index));
      }
    }
  }

  @Command(
      name = "rename",
      mixinStandardHelpOptions = true,
      description = "Give a collection another name.",
      footer = {"", "Example:", "  tidal collections rename db/ 1 'Late night'"})
  static final class Rename implements Runnable {
    @Mixin private Target target;

    @Parameters(index = "2", paramLabel = "NAME", description = "Unlike the owner's others.")
    private String name;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, db.renameCollection(target.id(), name));
      }
    }
  }

  @Command(
      name = "visibility",
      mixinStandardHelpOptions = true,
      description = "Say who may see a collection.",
      footer = {"", "Example:", "  tidal collections visibility db/ 1 public"})
  static final class SetVisibility implements Runnable {
    @Mixin private Target target;

    @Parameters(index = "2", paramLabel = "LEVEL", description = "private, unlisted or public.")
    private Visibility visibility;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, db.setVisibility(target.id(), visibility));
      }
    }
  }

  @Command(
      name = "share",
      mixinStandardHelpOptions = true,
      description = "Let a user see a collection.",
      footer = {"", "Example:", "  tidal collections share db/ 1 7"})
  static final class Share implements Runnable {
    @Mixin private Target target;

    @Parameters(
        index = "2",
        paramLabel = "USER",
        converter = Moments.IdConverter.class,
        description = "The user.")
    private EntityId user;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, db.shareCollection(target.id(), user));
      }
    }
  }

  @Command(
      name = "unshare",
      mixinStandardHelpOptions = true,
      description = "Take back what share gave.",
      footer = {"", "Example:", "  tidal collections unshare db/ 1 7"})
  static final class Unshare implements Runnable {
    @Mixin private Target target;

    @Parameters(
        index = "2",
        paramLabel = "USER",
        converter = Moments.IdConverter.class,
        description = "The user.")
    private EntityId user;

    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, db.unshareCollection(target.id(), user));
      }
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a collection; its items stay.",
      footer = {"", "Example:", "  tidal collections delete db/ 1"})
  static final class Delete implements Runnable {
    @Mixin private Target target;
    @Mixin private Output output;

    @Override
    public void run() {
      try (var db = Stores.open(target.directory)) {
        print(output, db.deleteCollection(target.id()));
      }
    }
  }

  private static Map<String, Object> shape(CollectionInfo info) {
    var shape = new LinkedHashMap<String, Object>();
    shape.put("id", info.id().toString());
    shape.put("owner", info.owner().toString());
    shape.put("name", info.name());
    shape.put("visibility", info.visibility().label());
    shape.put("items", info.itemCount());
    shape.put("created", info.created().toString());
    shape.put("changed", info.changed().toString());
    return shape;
  }

  private static void print(Output output, String what, boolean done) {
    if (output.isJson()) {
      output.json(Map.of(what, done));
    } else {
      output.line(done ? what : "no member");
    }
  }

  private static void print(Output output, Receipt receipt) {
    if (output.isJson()) {
      output.json(Map.of("position", receipt.position(), "duplicate", receipt.duplicate()));
    } else {
      output.line(receipt.duplicate() ? "nothing to do" : "done at position " + receipt.position());
    }
  }
}
