package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The servers of one turn: the origin, which receives the requests, and its followers. */
abstract class Servers implements AutoCloseable {

    /** Servers count as quiet when they use less than this share of one core for as long as {@link #QUIET_TIME}. */
    private static final double QUIET_SHARE = 0.1;

    private static final Duration QUIET_TIME = Duration.ofMillis(500);
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(60);
    private static final Duration REPLICATION_LIMIT = Duration.ofMinutes(30);

    private final String system;
    private final List<ServerProcess> processes;

    Servers(String system, List<ServerProcess> processes) {
        this.system = system;
        this.processes = List.copyOf(processes);
    }

    /** The name of the system. */
    final String system() {
        return system;
    }

    /** The origin first. */
    final List<ServerProcess> processes() {
        return processes;
    }

    final ServerProcess origin() {
        return processes.getFirst();
    }

    /** Whether a started server accepts requests. */
    abstract boolean isReady(ServerProcess server) throws IOException, InterruptedException;

    /** Whether every started follower receives updates directly from the origin. */
    abstract boolean isLinked() throws IOException, InterruptedException;

    /** Whether a follower has all updates of the origin, and no server rewrites its files. */
    abstract boolean isCaughtUp(ServerProcess follower) throws IOException, InterruptedException;

    /** The number of bytes that the origin has allocated so far, if it can tell. */
    abstract OptionalLong allocatedBytes() throws BenchmarkException, IOException;

    /** Starts all; returns when they replicate. */
    final void startAll() throws BenchmarkException, IOException, InterruptedException {
        for (ServerProcess process : processes) {
            process.launch();
        }
        for (ServerProcess process : processes) {
            awaitReady(process);
        }
        Waiting.until("the followers are connected", Duration.ofMinutes(2), this::isLinked);
    }

    final void awaitReady(ServerProcess server) throws BenchmarkException, InterruptedException {
        Waiting.until(server.name() + " is ready", REPLICATION_LIMIT, () -> {
            server.requireRunning();
            return isReady(server);
        });
    }

    /** Blocks until all followers have everything. */
    final void awaitReplicated() throws BenchmarkException, InterruptedException {
        for (ServerProcess follower : processes.subList(1, processes.size())) {
            awaitCaughtUp(follower);
        }
    }

    final void awaitCaughtUp(ServerProcess follower) throws BenchmarkException, InterruptedException {
        Waiting.until(follower.name() + " has all updates", REPLICATION_LIMIT, () -> {
            follower.requireRunning();
            return isCaughtUp(follower);
        });
    }

    /**
     * Blocks until all followers have everything and the servers have finished what they do in the background, so that
     * work caused by one test is not counted for the next; at most for a minute.
     */
    final void awaitQuiet() throws BenchmarkException, IOException, InterruptedException {
        awaitReplicated();
        long endNanos = System.nanoTime() + QUIET_LIMIT.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            long before = cpuMicros();
            long sinceNanos = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(QUIET_TIME.toNanos());
            double micros = (System.nanoTime() - sinceNanos) / 1e3;
            if (cpuMicros() - before < QUIET_SHARE * micros) {
                return;
            }
        }
    }

    /** The CPU time of all servers since their start. */
    final long cpuMicros() throws IOException {
        long sum = 0;
        for (ServerProcess process : processes) {
            sum += process.cpuMicros();
        }
        return sum;
    }

    /** Kills the servers; nothing of them is kept. */
    @Override
    public void close() {
        for (ServerProcess process : processes) {
            process.kill();
        }
    }
}
