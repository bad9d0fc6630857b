package dev.hence.property;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for conditions, so that no test depends on timing. */
public final class Eventually {

    /**
     * The time after which a test considers a condition hung: the common limit of all tests. It is generous for
     * machines whose cores are shared by many other processes; a passing test never waits for it.
     */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    /** The limit of a whole test, which may wait for several things, in seconds. */
    public static final long TEST_SECONDS_MAX = 1_200;

    private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

    /** What a test asserts, perhaps of another process. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }

    private Eventually() {}

    /** Returns when the condition holds. While another process cannot be reached, it does not. */
    public static void eventually(String condition, Callable<Boolean> holds) throws Exception {
        long startNanos = System.nanoTime();
        while (true) {
            @Nullable IOException unreachable = null;
            try {
                if (holds.call()) {
                    return;
                }
            } catch (IOException notYet) {
                unreachable = notYet;
            }
            if (isOver(startNanos)) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + condition, unreachable);
            }
            pause(startNanos);
        }
    }

    /** Returns when the assertion holds. While another process cannot be reached, it does not. */
    public static void eventuallyAsserted(Assertion assertion) throws Exception {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                assertion.check();
                return;
            } catch (AssertionError | IOException notYet) {
                if (isOver(startNanos)) {
                    throw notYet;
                }
            }
            pause(startNanos);
        }
    }

    private static boolean isOver(long startNanos) {
        return System.nanoTime() - startNanos > LIMIT.toNanos();
    }

    /** Waits a tenth of the time so far, within bounds, so that long waits do not occupy the machine. */
    private static void pause(long startNanos) {
        LockSupport.parkNanos(Math.clamp((System.nanoTime() - startNanos) / 10, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX));
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
