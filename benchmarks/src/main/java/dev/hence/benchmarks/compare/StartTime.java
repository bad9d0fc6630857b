package dev.hence.benchmarks.compare;

import java.io.IOException;

/**
 * What a start of one server costs until it is ready: with an empty directory, after {@code kill -9} with updates that
 * are in the log only, and after a clean stop. The CPU time includes the launcher's.
 */
final class StartTime {

    private static final int PIPELINE = 16;

    private StartTime() {}

    static void run(Run run) throws BenchmarkException, IOException, InterruptedException {
        int updates = run.options().updates;
        for (Policy policy : run.options().policies) {
            run.alternate(policy, 1, (servers, round) -> {
                ServerProcess server = servers.origin();
                start(run, servers, policy, "empty", round);
                run.load(servers, "set", PIPELINE, updates);
                server.kill();
                start(run, servers, policy, updates + " after kill", round);
                server.stop();
                start(run, servers, policy, updates + " after stop", round);
            });
            run.figures().printTable("start, " + policy);
        }
    }

    private static void start(Run run, Servers servers, Policy policy, String test, int round)
            throws BenchmarkException, IOException, InterruptedException {
        ServerProcess server = servers.origin();
        long startNanos = System.nanoTime();
        server.launch();
        servers.awaitReady(server);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Figures figures = run.figures();
        String system = servers.system();
        figures.add("start", policy, test, round, system, Measure.SECONDS, seconds);
        figures.add("start", policy, test, round, system, Measure.CPU_SECONDS, server.cpuMicros() / 1e6);
        figures.add(
                "start", policy, test, round, system, Measure.RESIDENT, server.residentBytes() / (double) (1 << 20));
    }
}
