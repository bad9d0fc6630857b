package dev.hence.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadResultTest {

    private static final String REPORT = """
            SET: rps=0.0 (overall: -nan) avg_msec=-nan (overall: -nan)\rSET: rps=99.2 (overall: 99.2)\r====== SET ======
              100000 requests completed in 14.31 seconds
              50 parallel clients

            Latency by percentile distribution:
            0.000% <= 0.039 milliseconds (cumulative count 16)
            50.000% <= 1.047 milliseconds (cumulative count 50128)
            98.438% <= 7.487 milliseconds (cumulative count 98464)
            99.219% <= 8.087 milliseconds (cumulative count 99344)
            99.805% <= 9.799 milliseconds (cumulative count 99898)
            99.902% <= 9.901 milliseconds (cumulative count 99999)
            100.000% <= 10.311 milliseconds (cumulative count 100000)

            Cumulative distribution of latencies:
            99.500% <= 0.103 milliseconds (cumulative count 0)

            Summary:
              throughput summary: 6988.12 requests per second
            """;

    @Test
    void parse_reportOfRedisBenchmark_readsThroughputAndTheNextPercentiles() throws Exception {
        assertThat(LoadResult.parse(REPORT)).isEqualTo(new LoadResult(6988.12, 1.047, 8.087, 9.901));
    }

    @Test
    void parse_noThroughput_fails() {
        assertThatThrownBy(() -> LoadResult.parse("Could not connect"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("no throughput");
    }
}
