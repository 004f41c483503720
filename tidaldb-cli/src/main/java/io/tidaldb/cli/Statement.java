package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.Explain;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.tidalql.TidalQl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A statement in TidalQL with its parameters, on the command line and in the shell.
public final class Statement {

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+\\.[0-9]+");

  @Parameters(paramLabel = "TEXT", description = "The statement.")
  private String text = "";

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = {
        "The value of a parameter, may be repeated: a number, true, false, or else a string."
      })
  private List<String> parameters = new ArrayList<>();

  /// Runs it and prints what it gives.
  public void run(TidalDb db, Output output) {
    var values = values();
    if (TidalQl.parse(text, values) instanceof Explain) {
      new Explained(db, output).print(db.explain(text, values));
    } else {
      new Feed(db, output).print(db.query(text, values), false);
    }
  }

  private Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>();
    for (var parameter : parameters) {
      var equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new InvalidRequestException(
            "OPTION_INVALID", "not a parameter: given=" + parameter + " wanted=name=value");
      }
      values.put(parameter.substring(0, equals), value(parameter.substring(equals + 1)));
    }
    return values;
  }

  private static Object value(String text) {
    if (WHOLE.matcher(text).matches()) {
      return Long.valueOf(text);
    }
    if (DECIMAL.matcher(text).matches()) {
      return Double.valueOf(text);
    }
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }
}
