package dev.hence.system.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.util.Arrays;
import java.util.List;

/** The Redis programs used by tests. A test is skipped where they are missing, except in continuous integration. */
final class RedisPrograms {

    private RedisPrograms() {}

    static void require(String... programs) {
        List<String> missing =
                Arrays.stream(programs).filter(program -> !isInstalled(program)).toList();
        if (System.getenv("CI") == null) {
            assumeThat(missing)
                    .as("programs that are not installed (Debian: redis-tools, redis-server)")
                    .isEmpty();
        }
        assertThat(missing)
                .as("programs that are not installed (Debian: redis-tools, redis-server)")
                .isEmpty();
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> new File(directory, program).canExecute());
    }
}
