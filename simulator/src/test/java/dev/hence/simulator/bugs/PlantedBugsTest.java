package dev.hence.simulator.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PlantedBugsTest {
    private static final long SEEDS_MAX = 20_000;
    private static final Duration TIME_MAX = Duration.ofMinutes(5);

    static List<PlantedBug> bugs() {
        return PlantedBug.all();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void plantedBug_seedsFromOneOn_oneCatchesIt(PlantedBug bug) throws ReflectiveOperationException {
        LongFunction<String> hunt = hunt(new BuggyClasses(bug));
        long startNanos = System.nanoTime();
        long seed = 0;
        String violation = "";
        while (violation.isEmpty() && seed < SEEDS_MAX && System.nanoTime() - startNanos < TIME_MAX.toNanos()) {
            violation = hunt.apply(++seed);
        }
        System.out.printf(
                "| %s | %s | %d | %.1f s | %s |%n",
                bug.name(),
                bug.what(),
                seed,
                (System.nanoTime() - startNanos) / 1e9,
                violation.isEmpty() ? "NOT CAUGHT" : violation.substring(0, Math.min(160, violation.length())));

        assertThat(violation).as("%s: what %d seeds found", bug.what(), seed).isNotEmpty();
    }

    @SuppressWarnings("unchecked")
    private static LongFunction<String> hunt(ClassLoader classes) throws ReflectiveOperationException {
        return (LongFunction<String>) classes.loadClass("dev.hence.simulator.bugs.Hunt")
                .getConstructor()
                .newInstance();
    }
}
