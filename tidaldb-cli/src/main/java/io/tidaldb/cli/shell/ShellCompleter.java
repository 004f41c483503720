package io.tidaldb.cli.shell;

import io.tidaldb.TidalDb;
import io.tidaldb.cli.Names;
import io.tidaldb.schema.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;

/// What Tab offers: commands, their options, and the names that the database knows.
final class ShellCompleter implements Completer {

  private static final Set<String> OF_SIGNALS = Set.of("signal", "hottest", "count", "score");

  private final CommandLine commands;
  private final TidalDb db;

  ShellCompleter(CommandLine commands, TidalDb db) {
    this.commands = commands;
    this.db = db;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    offers(line.words().subList(0, line.wordIndex()))
        .forEach(offer -> candidates.add(new Candidate(offer)));
  }

  /// What may follow these words.
  List<String> offers(List<String> before) {
    if (before.isEmpty()) {
      var names = new ArrayList<>(commands.getSubcommands().keySet());
      names.add("quit");
      return names;
    }
    var command = commands.getSubcommands().get(before.getFirst());
    if (command == null) {
      return List.of();
    }
    var offers = new ArrayList<>(values(before.getLast()));
    if (before.size() == 1 && OF_SIGNALS.contains(before.getFirst())) {
      db.schema().signals().forEach(type -> offers.add(type.name()));
    }
    if (offers.isEmpty()) {
      command.getCommandSpec().options().stream()
          .filter(option -> !option.hidden())
          .forEach(option -> offers.add(option.longestName()));
    }
    return offers;
  }

  private List<String> values(String option) {
    return switch (option) {
      case "--sort" -> Names.sorts();
      case "--window" -> Names.windows();
      case "--at" -> List.of("end");
      case "--profile" -> db.profiles().stream().map(profile -> profile.name()).toList();
      case "--experiment" -> db.experiments().stream().map(known -> known.name()).toList();
      case "--where" ->
          db.schema().fields(EntityKind.ITEM).stream().map(field -> field.name() + "=").toList();
      default -> List.of();
    };
  }
}
