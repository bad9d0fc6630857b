package dev.hence.property;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, so that no test depends on timing. */
public final class Eventually {

    /**
     * The time after which a test considers a condition hung: the common limit of all tests within one process. It is
     * generous for machines whose cores are shared by many other processes; a passing test never waits for it.
     */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    /** The limit of a whole test, which may wait for several things, in seconds. */
    public static final long TEST_SECONDS_MAX = 1_200;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Eventually() {}

    /** Returns when the condition holds. */
    public static void eventually(String condition, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + condition);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** Returns when the assertion holds. */
    public static void eventuallyAsserted(Runnable assertion) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() - deadline > 0) {
                    throw notYet;
                }
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
    }

    /** Returns the outcome of an action that must complete. */
    public static <T> T outcome(Future<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException hung) {
            throw new AssertionError("it hangs", hung);
        }
    }

    /** Whether a thread is blocked until another thread acts, or has ended. */
    public static boolean isStuck(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED, TERMINATED -> true;
            case NEW, RUNNABLE -> false;
        };
    }
}
