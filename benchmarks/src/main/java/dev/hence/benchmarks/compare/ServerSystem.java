package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;

/** A system that can be compared: how its servers are started. */
interface ServerSystem {

    /** Its name in tables and files. */
    String name();

    /** Checks that it can be started, and builds what is missing. */
    void prepare() throws BenchmarkException, IOException, InterruptedException;

    /** Servers that replicate each other, not started yet; the first is the origin. */
    Servers servers(int count, Policy policy, Path directory) throws IOException;
}
