package dev.hence.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    @TempDir
    Path directory;

    @Test
    void table_severalRounds_showsMediansAndHowMuchBetterTheFirstSystemIs() throws Exception {
        try (Figures figures = new Figures(directory.resolve("figures.csv"), List.of("hence", "redis"))) {
            for (int round = 1; round <= 3; round++) {
                figures.add("requests", Policy.ALWAYS, "SET", round, "hence", Measure.CPU_ALL, 20 * round);
                figures.add("requests", Policy.ALWAYS, "SET", round, "redis", Measure.CPU_ALL, 10 * round);
                figures.add("requests", Policy.ALWAYS, "SET", round, "hence", Measure.THROUGHPUT, 3_000 * round);
                figures.add("requests", Policy.ALWAYS, "SET", round, "redis", Measure.THROUGHPUT, 1_000 * round);
            }

            List<String> lines = figures.table("requests, always").lines().toList();

            assertThat(lines.get(1)).startsWith("requests, always").endsWith("hence          redis        x redis");
            assertThat(lines.get(2)).startsWith("SET ").endsWith("40.00          20.00           0.50");
            assertThat(lines.get(3)).endsWith("6,000          2,000           3.00");
        }
    }

    @Test
    void add_oneFigure_isInTheFileAtOnce() throws Exception {
        Path file = directory.resolve("figures.csv");
        try (Figures figures = new Figures(file, List.of("hence"))) {
            figures.add("requests", Policy.EVERYSEC, "GET -P 16", 2, "hence", Measure.P50, 0.25);

            assertThat(Files.readAllLines(file))
                    .containsExactly(
                            "benchmark,policy,test,round,system,measure,value",
                            "requests,everysec,GET -P 16,2,hence,\"p50 ms\",0.25");
        }
    }

    @Test
    void median_evenNumberOfValues_isTheLowerOneInTheMiddle() {
        assertThat(Figures.median(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(2.0);
        assertThat(Figures.median(List.of())).isNaN();
    }
}
