package io.tidaldb;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.tidaldb.schema.EntityId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The package table of ARCHITECTURE.md, read from top to bottom.
class ArchitectureTest {

  private static final String DOOR = "io.tidaldb";

  private static final List<String> ABOVE_VIEWS =
      List.of(
          DOOR,
          "io.tidaldb.engine",
          "io.tidaldb.query",
          "io.tidaldb.ranking",
          "io.tidaldb.tidalql");

  private static final List<String> VIEWS =
      List.of(
          "io.tidaldb.search",
          "io.tidaldb.signal",
          "io.tidaldb.cohort",
          "io.tidaldb.coengagement",
          "io.tidaldb.collection",
          "io.tidaldb.session",
          "io.tidaldb.relation",
          "io.tidaldb.entity");

  private static final List<String> BELOW_VIEWS =
      List.of(
          "io.tidaldb.ledger",
          "io.tidaldb.slot",
          "io.tidaldb.checkpoint",
          "io.tidaldb.log",
          "io.tidaldb.storage",
          "io.tidaldb.fault",
          "io.tidaldb.disk",
          "io.tidaldb.schema");

  /// Fewer classes than this means that the test looks at nothing.
  private static final int CLASSES_MIN = 100;

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .importUrl(EntityId.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theLibraryIsReallyRead() {
    assertThat(LIBRARY.size()).isGreaterThanOrEqualTo(CLASSES_MIN);
  }

  @Test
  void everyPackageStandsInTheTable() {
    check(classes().should().resideInAnyPackage(names(table())));
  }

  @Test
  void eachPackageUsesOnlyWhatStandsBelowIt() {
    var table = table();
    for (var row = 1; row < table.size(); row++) {
      var above = names(table.subList(0, row));
      check(in(table.get(row)).should().dependOnClassesThat().resideInAnyPackage(above));
    }
  }

  @Test
  void viewsNeverUseEachOther() {
    for (var view : VIEWS) {
      var others = names(VIEWS.stream().filter(other -> !other.equals(view)).toList());
      check(in(view).should().dependOnClassesThat().resideInAnyPackage(others));
    }
  }

  @Test
  void noPackagesGoInCircles() {
    check(slices().matching("io.tidaldb.(*)..").should().beFreeOfCycles());
  }

  @Test
  void theVocabularyNeedsOnlyTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage("io.tidaldb.schema")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "",
                "java..",
                "io.tidaldb.schema",
                "org.jspecify.annotations",
                "com.google.errorprone.annotations"));
  }

  @Test
  void onlyDiskTouchesFiles() {
    check(
        outside("io.tidaldb.disk")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.io\\.(File(?!NotFound).*|RandomAccessFile)"
                    + "|java\\.nio\\.channels\\.(FileChannel|FileLock|AsynchronousFileChannel)"));
    // RocksDB opens its own directory, which somebody has to make.
    check(
        outside("io.tidaldb.disk", "io.tidaldb.storage")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.file\\.Files"));
  }

  @Test
  void eachLibraryHasOneHome() {
    check(outside("io.tidaldb.storage").should().dependOnClassesThat(named("org.rocksdb..")));
    check(outside("io.tidaldb.search").should().dependOnClassesThat(named("org.apache.lucene..")));
  }

  @Test
  void timeAndChanceComeFromOutside() {
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                oneOf(
                    "java.lang.System.currentTimeMillis",
                    "java.time.Instant.now",
                    "java.time.LocalDate.now",
                    "java.time.ZonedDateTime.now",
                    "java.util.concurrent.ThreadLocalRandom.current",
                    "java.lang.Math.random",
                    "java.lang.Thread.sleep")));
    // The door may offer the system's clock to whoever brings none.
    check(
        outside(DOOR, "io.tidaldb.engine")
            .should()
            .accessTargetWhere(
                oneOf("java.time.InstantSource.system", "java.time.Clock.systemUTC")));
    check(
        outside("io.tidaldb.engine", "io.tidaldb.query")
            .should()
            .accessTargetWhere(oneOf("java.lang.System.nanoTime")));
  }

  @Test
  void signalsDecayByTheSameBitsEverywhere() {
    check(
        in("io.tidaldb.ledger")
            .should()
            .accessTargetWhere(oneOf("java.lang.Math.exp", "java.lang.Math.pow")));
  }

  private static List<String> table() {
    var table = new ArrayList<>(ABOVE_VIEWS);
    table.addAll(VIEWS);
    table.addAll(BELOW_VIEWS);
    return table;
  }

  private static String[] names(List<String> packages) {
    return packages.toArray(String[]::new);
  }

  private static GivenClassesConjunction in(String name) {
    return noClasses().that().resideInAPackage(name);
  }

  private static GivenClassesConjunction outside(String... packages) {
    return noClasses().that().resideOutsideOfPackages(packages);
  }

  private static DescribedPredicate<JavaClass> named(String packages) {
    return JavaClass.Predicates.resideInAPackage(packages);
  }

  private static DescribedPredicate<JavaAccess<?>> oneOf(String... methods) {
    var names = Set.of(methods);
    return describe(
        "is one of " + names,
        access -> names.contains(access.getTargetOwner().getName() + "." + access.getName()));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(LIBRARY);
  }
}
