package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;

/**
 * How fast a follower that was down gets the updates that it missed: from its first answer after the start until it has
 * everything. A redis-server that missed much gets a copy of all keys instead of the updates.
 */
final class CatchUpRate {

    private static final int SERVERS = 3;
    private static final int PIPELINE = 16;

    private CatchUpRate() {}

    static void run(Run run) throws BenchmarkException, IOException, InterruptedException {
        int missed = run.options().missed;
        String test = missed + " missed";
        for (Policy policy : run.options().policies) {
            run.alternate(policy, SERVERS, (servers, round) -> {
                servers.startAll();
                ServerProcess late = servers.processes().getLast();
                late.stop();
                run.load(servers, "set", PIPELINE, missed);
                servers.awaitCaughtUp(servers.processes().get(1));

                Machine machine = Machine.observe(servers);
                long cpuBefore = servers.cpuMicros();
                late.launch();
                awaitAnswer(late);
                long answeredNanos = System.nanoTime();
                servers.awaitCaughtUp(late);
                double seconds = (System.nanoTime() - answeredNanos) / 1e9;
                double cpuMicros = servers.cpuMicros() - cpuBefore;

                Figures figures = run.figures();
                String system = servers.system();
                figures.add("catch-up", policy, test, round, system, Measure.CATCH_UP_RATE, missed / seconds);
                figures.add("catch-up", policy, test, round, system, Measure.CATCH_UP_CPU, cpuMicros / missed);
                figures.add("catch-up", policy, test, round, system, Measure.SECONDS, seconds);
                figures.add("catch-up", policy, test, round, system, Measure.OTHERS, machine.othersPercent(servers));
            });
            run.figures().printTable("catch-up, " + policy);
        }
    }

    private static void awaitAnswer(ServerProcess server) throws BenchmarkException, InterruptedException {
        Waiting.until(server.name() + " answers", Duration.ofMinutes(10), () -> {
            server.requireRunning();
            try (RespConnection connection = new RespConnection(server.port())) {
                return !connection.call("PING").isEmpty();
            }
        });
    }
}
