package io.tidaldb.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The same log gives the same bits everywhere: nothing here may ask the machine.
class NoPlatformFreedomTest {

  /// `Math` functions whose result is exact by definition.
  private static final Set<String> EXACT =
      Set.of("abs", "max", "min", "fma", "floorDiv", "floorMod", "sqrt", "multiplyHigh");

  private static final Set<String> CLOCKS =
      Set.of("currentTimeMillis", "nanoTime", "now", "random", "instant");

  @Test
  void noIntrinsicWithPlatformFreedomAndNoClock() throws IOException, URISyntaxException {
    var calls = new ArrayList<String>();
    for (Path file : classes()) {
      var model = ClassFile.of().parse(file);
      model
          .methods()
          .forEach(
              method ->
                  method
                      .code()
                      .ifPresent(
                          code ->
                              code.forEach(
                                  element -> {
                                    if (element instanceof InvokeInstruction call
                                        && forbidden(call)) {
                                      calls.add(
                                          file.getFileName()
                                              + ": "
                                              + call.owner().asInternalName()
                                              + "."
                                              + call.name());
                                    }
                                  })));
    }
    assertThat(calls).isEmpty();
  }

  private static boolean forbidden(InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    String name = call.name().stringValue();
    if (owner.equals("java/lang/Math")) {
      return !EXACT.contains(name);
    }
    return owner.equals("java/lang/StrictMath")
        || (owner.startsWith("java/") && CLOCKS.contains(name));
  }

  private static List<Path> classes() throws IOException, URISyntaxException {
    var home = Path.of(Exp2.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.list(home.resolve("io/tidaldb/ledger"))) {
      var list = files.filter(f -> f.toString().endsWith(".class")).toList();
      assertThat(list).hasSizeGreaterThan(15);
      return list;
    }
  }
}
