package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One run of the command: what was asked for, the systems, and where figures and data go.
 *
 * @param work a directory for the data of the servers
 */
record Run(Options options, List<ServerSystem> systems, Figures figures, Path work) {

    /** What is done with the servers of one system in one turn. */
    @FunctionalInterface
    interface Turn {
        void take(Servers servers, int round) throws BenchmarkException, IOException, InterruptedException;
    }

    /**
     * Gives every system one turn in every round, each with new servers and an empty directory. The order is reversed
     * from round to round, so that none always runs on a machine that another one has just heated.
     */
    void alternate(Policy policy, int servers, Turn turn) throws BenchmarkException, IOException, InterruptedException {
        for (int round = 1; round <= options.rounds; round++) {
            for (ServerSystem system : round % 2 == 1 ? systems : systems.reversed()) {
                System.err.printf("%s, round %d of %d: %s%n", policy, round, options.rounds, system.name());
                Path directory = Files.createTempDirectory(work, "turn-");
                try (Servers started = system.servers(servers, policy, directory)) {
                    turn.take(started, round);
                } finally {
                    DeletedTree.delete(directory);
                }
            }
        }
    }

    /** Lets the servers of a turn compile their code and fill their memory before anything is measured. */
    void warmUp(Servers servers) throws BenchmarkException, IOException, InterruptedException {
        int loads = options.tests.size() * options.pipelines.size();
        if (options.warmUp < loads) {
            return;
        }
        for (int pipeline : options.pipelines) {
            for (String test : options.tests) {
                load(servers, test, pipeline, options.warmUp / loads);
            }
        }
        servers.awaitQuiet();
    }

    /** Sends requests to the origin. */
    LoadResult load(Servers servers, String test, int pipeline, int requests)
            throws BenchmarkException, IOException, InterruptedException {
        return LoadResult.measure(servers.origin().port(), test, pipeline, requests, options);
    }
}
