package dev.hence.benchmarks.compare;

import dev.hence.benchmarks.Percentiles;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * The time from sending a write to the origin until a follower shows it, while other clients write at a fixed rate.
 *
 * <p>A probe writes a number and reads it from the follower again and again until it is there. The pause between two
 * reads bounds the resolution, to about a fifth of a millisecond; it leaves the follower time for its work.
 */
final class Visibility {

    private static final int SERVERS = 3;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final String KEY = "visibility";

    private Visibility() {}

    static void run(Run run) throws BenchmarkException, IOException, InterruptedException {
        for (Policy policy : run.options().policies) {
            run.alternate(policy, SERVERS, (servers, round) -> {
                servers.startAll();
                run.warmUp(servers);
                for (int rate : run.options().rates) {
                    measure(run, servers, policy, rate, round);
                    servers.awaitQuiet();
                }
            });
            run.figures().printTable("visibility, " + policy);
        }
    }

    private static void measure(Run run, Servers servers, Policy policy, int rate, int round)
            throws BenchmarkException, IOException, InterruptedException {
        String test = rate + " writes/s";
        Machine machine = Machine.observe(servers);
        try (SteadyLoad load = SteadyLoad.start(servers.origin().port(), rate, run.options())) {
            long[] nanos = probe(servers, run.options().seconds);
            double writesPerSecond = load.writesPerSecond();
            Percentiles percentiles = Percentiles.of(nanos);
            String system = servers.system();
            Figures figures = run.figures();
            figures.add("visibility", policy, test, round, system, Measure.P50, percentiles.medianMicros() / 1e3);
            figures.add("visibility", policy, test, round, system, Measure.P99, percentiles.p99Micros() / 1e3);
            figures.add("visibility", policy, test, round, system, Measure.WRITE_RATE, writesPerSecond);
            figures.add("visibility", policy, test, round, system, Measure.OTHERS, machine.othersPercent(servers));
        }
    }

    private static long[] probe(Servers servers, int seconds) throws BenchmarkException, IOException {
        LongStream.Builder nanos = LongStream.builder();
        try (RespConnection writer = new RespConnection(servers.origin().port());
                RespConnection reader =
                        new RespConnection(servers.processes().get(1).port())) {
            long startNanos = System.nanoTime();
            long endNanos = startNanos + TimeUnit.SECONDS.toNanos(seconds);
            for (int number = 1; System.nanoTime() - endNanos < 0; number++) {
                String value = startNanos + "-" + number;
                long sentNanos = System.nanoTime();
                writer.send(RespConnection.request("SET", KEY, value));
                while (!reader.call("GET", KEY).equals(value)) {
                    if (System.nanoTime() - sentNanos > LIMIT_NANOS) {
                        throw new BenchmarkException("a write was not visible at a follower within a minute");
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                nanos.add(System.nanoTime() - sentNanos);
                if (!writer.reply().equals("OK")) {
                    throw new BenchmarkException("a write was refused");
                }
                LockSupport.parkNanos(PERIOD_NANOS);
            }
        }
        return nanos.build().toArray();
    }
}
