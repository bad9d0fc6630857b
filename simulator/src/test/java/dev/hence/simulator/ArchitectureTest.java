package dev.hence.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rule that keeps the checkers independent: they share no code with what they check. */
@AnalyzeClasses(packages = "dev.hence.simulator", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule checkers_knowNothingOfTheCore = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.hence.simulator.trace..", "dev.hence.simulator.check..", "dev.hence.simulator.history..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.hence.core..");

    @ArchTest
    static final ArchRule checkers_areDeterministic = noClasses()
            .that()
            .resideInAnyPackage("dev.hence.simulator.trace..", "dev.hence.simulator.check..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.util.concurrent..", "java.util.random..", "java.time..", "java.io..", "java.nio..");

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.hence.simulator.(**)").should().beFreeOfCycles();
}
