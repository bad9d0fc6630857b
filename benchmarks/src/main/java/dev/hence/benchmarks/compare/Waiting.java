package dev.hence.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting for a condition of a server. */
final class Waiting {

    private static final long POLL_MILLIS = 10;

    /** A condition; a server that does not answer yet does not meet it. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws BenchmarkException, IOException, InterruptedException;
    }

    private Waiting() {}

    /** Returns when the condition holds; fails after the limit. */
    static void until(String what, Duration limit, Condition condition)
            throws BenchmarkException, InterruptedException {
        long endNanos = System.nanoTime() + limit.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() - endNanos > 0) {
                throw new BenchmarkException("not within " + limit.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static boolean holds(Condition condition) throws BenchmarkException, InterruptedException {
        try {
            return condition.holds();
        } catch (IOException unreachable) {
            return false;
        }
    }
}
