package dev.hence.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.hence.core.clock.ClockJumps;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.UpdateChecksum;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;

/**
 * The rules that keep the core a deterministic state machine: its output depends only on its input, so it uses no file,
 * socket, thread, clock or source of randomness. Permitted packages are listed and everything else is rejected, so a
 * new kind of input or output has to be justified here.
 */
@AnalyzeClasses(packages = "dev.hence.core", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    /** Pure computation. Absent on purpose: java.io, java.net, java.nio.file, java.nio.channels, java.util.concurrent. */
    private static final DescribedPredicate<JavaClass> PURE_PACKAGES = resideInAnyPackage(
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.time",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "java.util.zip",
            "org.jspecify.annotations");

    /** Members of those packages that give access to threads, clocks, randomness or the process. */
    private static final DescribedPredicate<JavaClass> IMPURE_CLASSES = belongToAnyOf(
            Thread.class,
            ThreadLocal.class,
            ThreadGroup.class,
            ScopedValue.class,
            Runtime.class,
            Process.class,
            ProcessBuilder.class,
            ProcessHandle.class,
            Clock.class,
            InstantSource.class,
            Random.class,
            SplittableRandom.class,
            Timer.class,
            TimerTask.class);

    /** The one member of java.lang.System that has no access to the outside. */
    private static final Set<String> PURE_METHODS_OF_SYSTEM = Set.of("arraycopy");

    @ArchTest
    static final ArchRule core_usesOnlyPureCode = classes()
            .should()
            .onlyDependOnClassesThat(or(resideInAPackage("dev.hence.core.."), PURE_PACKAGES.and(not(IMPURE_CLASSES))));

    @ArchTest
    static final ArchRule core_readsNoClockAndNoRandomness = noClasses()
            .should()
            .accessTargetWhere(target(describe("is a clock or randomness", ArchitectureTest::isImpure)));

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("dev.hence.(**)").should().beFreeOfCycles();

    /**
     * Values cross threads without synchronization: from the writer to readers, feeds and other nodes' streams. That is
     * safe because their fields are final (Java Language Specification, 17.5).
     */
    @ArchTest
    static final ArchRule values_haveFinalFieldsOnly = fields().that()
            .areDeclaredInClassesThat(
                    resideInAnyPackage("dev.hence.core.clock..", "dev.hence.core.crdt..", "dev.hence.core.update..")
                            .and(not(belongToAnyOf(
                                    ClockJumps.class,
                                    Frame.Builder.class,
                                    HybridLogicalClock.class,
                                    Lineage.class,
                                    UpdateChecksum.class))))
            .should()
            .beFinal();

    private static boolean isImpure(AccessTarget target) {
        String member = target.getName();
        return switch (target.getOwner().getName()) {
            case "java.lang.System" -> !PURE_METHODS_OF_SYSTEM.contains(member);
            case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random");
            case "java.util.UUID" -> member.equals("randomUUID");
            case "java.util.Collections" -> member.equals("shuffle");
            default -> target.getOwner().getPackageName().equals("java.time") && member.equals("now");
        };
    }
}
