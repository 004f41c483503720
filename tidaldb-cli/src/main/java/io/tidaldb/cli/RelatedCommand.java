package io.tidaldb.cli;

import com.google.errorprone.annotations.Var;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.Retrieve;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidal related`: what the users who engage with an item also engage with.
@Command(
    name = "related",
    mixinStandardHelpOptions = true,
    description = "Show what the users who engage with an item also engage with.",
    footer = {
      "",
      "Examples:",
      "  tidal related db/ 17",
      "  tidal related db/ 17 --user 42 --limit 5 --at end --explain"
    })
final class RelatedCommand implements Runnable {

  @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
  private Path directory;

  @Parameters(
      index = "1",
      paramLabel = "ITEM",
      converter = Moments.IdConverter.class,
      description = "The item.")
  private EntityId item;

  @Option(
      names = "--user",
      paramLabel = "ID",
      converter = Moments.IdConverter.class,
      description = "For this user: without what the user hid, blocked or muted.")
  private @Nullable EntityId user;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "Hits, 1 to 1000; else ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--explain",
      description = "Show the parts of every score and what the query did.")
  private boolean explain;

  @Mixin private Moments.AtOption at;
  @Mixin private Output output;

  @Override
  public void run() {
    try (var db = Stores.open(directory)) {
      @Var var request = Retrieve.items().relatedTo(item).limit(limit);
      request = user == null ? request : request.forUser(user);
      request = at.isGiven() ? request.at(at.moment(db)) : request;
      new Feed(db, output).print(db.retrieve(request), explain);
    }
  }
}
