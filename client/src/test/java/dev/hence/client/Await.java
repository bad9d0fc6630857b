package dev.hence.client;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for what another thread does, so that no test depends on how long anything takes. */
final class Await {

    /**
     * How long anything may take before a test calls it hung: the one limit of the client's tests. It is for machines
     * whose cores are shared by many other processes; a test that holds never waits for it.
     */
    static final Duration LIMIT = Duration.ofMinutes(10);

    /** For a whole test, which may wait for several things. */
    static final long TEST_SECONDS_MAX = 1_200;

    private Await() {}

    /** The outcome of something that must come to its end. */
    static <T> T outcome(Future<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException hung) {
            throw new AssertionError("it hangs", hung);
        }
    }
}
