package dev.hence.benchmarks.compare;

import java.io.IOException;

/** One question that is put to every system. */
@FunctionalInterface
interface Benchmark {
    void run(Run run) throws BenchmarkException, IOException, InterruptedException;
}
