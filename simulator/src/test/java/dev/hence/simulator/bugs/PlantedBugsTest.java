package dev.hence.simulator.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.scenario.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each bug is caught by the seed that its file names or, if that seed now gives another run, by one of the seeds from 1
 * on. {@code -Dhence.docs.write=true} searches from 1 on for all bugs, and writes the results into their files and,
 * with the profiles, into the page on the simulator.
 */
final class PlantedBugsTest {
    private static final Path PAGE = Path.of("../docs/simulator.md");
    private static final boolean WRITES = Boolean.getBoolean("hence.docs.write");
    private static final Duration TIME_MAX = Duration.ofMinutes(5);

    /** The line of each bug on the page, by the bug's name. */
    private static final Map<String, String> FOUND = new LinkedHashMap<>();

    static List<PlantedBug> bugs() {
        return PlantedBug.all();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void plantedBug_someSeed_catchesIt(PlantedBug bug) throws ReflectiveOperationException, IOException {
        BiFunction<String, Long, String> hunt = hunt(new BuggyClasses(bug));
        if (!WRITES && !hunt.apply(bug.profile(), bug.seed()).isEmpty()) {
            return;
        }
        long startNanos = System.nanoTime();
        long seed = 0;
        String violation = "";
        while (violation.isEmpty() && System.nanoTime() - startNanos < TIME_MAX.toNanos()) {
            violation = hunt.apply(bug.profile(), ++seed);
        }

        assertThat(violation).as("%s What %d seeds found", bug.what(), seed).isNotEmpty();
        if (!WRITES) {
            return;
        }
        bug.rememberSeed(seed);
        String promise = violation.substring(0, violation.indexOf(':'));
        FOUND.put(
                bug.name(),
                "| %s | %s | %d | %s |"
                        .formatted(
                                bug.what(), bug.profile().isEmpty() ? "each its own" : bug.profile(), seed, promise));
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, Long, String> hunt(ClassLoader classes) throws ReflectiveOperationException {
        return (BiFunction<String, Long, String>) classes.loadClass("dev.hence.simulator.bugs.Hunt")
                .getConstructor()
                .newInstance();
    }

    @Test
    @DisabledIfSystemProperty(
            named = "hence.docs.write",
            matches = "true",
            disabledReason = "the page is being written")
    void page_profilesAndBugs_areListed() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(page).contains(profiles());
        bugs().forEach(bug -> assertThat(page).contains("| " + bug.what() + " | "));
    }

    @AfterAll
    static void writePage() throws IOException {
        if (WRITES) {
            String page = Files.readString(PAGE);
            String bugs =
                    "| mistake | profile | seeds | found as |\n|---|---|---|---|\n" + String.join("\n", FOUND.values());
            Files.writeString(PAGE, between(between(page, "profiles", profiles()), "bugs", bugs));
        }
    }

    private static String profiles() {
        return Profile.NAMED.stream()
                .map(profile -> "| `" + profile.name() + "` | " + profile.summary() + " |")
                .collect(Collectors.joining("\n", "| profile | trouble |\n|---|---|\n", ""));
    }

    private static String between(String page, String mark, String text) {
        String begin = "<!-- " + mark + " -->\n";
        String end = "\n<!-- end of " + mark + " -->";
        return page.substring(0, page.indexOf(begin) + begin.length()) + text + page.substring(page.indexOf(end));
    }
}
