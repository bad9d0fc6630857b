package dev.hence.simulator.diagram;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A diagram is drawn from the trace alone, so that it shows what happened and not what the core believes. */
@AnalyzeClasses(packages = "dev.hence.simulator.diagram", importOptions = DoNotIncludeTests.class)
final class DiagramDependenciesTest {
    @ArchTest
    static final ArchRule diagrams_useTheTraceAndTheJdkOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.hence.simulator.diagram",
                    "dev.hence.simulator.trace",
                    "java..",
                    "javax.xml.stream..",
                    "org.jspecify..");
}
