package dev.hence.property;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Waiting for conditions, so that no test depends on how long anything takes. */
public final class Eventually {

    /**
     * How long anything may take before a test calls it hung: the one limit of all tests inside one process. It is for machines
     * whose cores are shared by many other processes; a test that holds never waits for it.
     */
    public static final Duration LIMIT = Duration.ofMinutes(10);

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

    /** The outcome of something that must come to its end. */
    public static <T> T outcome(Future<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException hung) {
            throw new AssertionError("it hangs", hung);
        }
    }

    /** Whether a thread can do nothing until another one does something, or has ended. */
    public static boolean isStuck(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED, TERMINATED -> true;
            case NEW, RUNNABLE -> false;
        };
    }
}
