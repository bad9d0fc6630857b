package dev.hence.system.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition of another process by polling, within a generous limit. */
public final class Await {

    /**
     * The maximum time before a test counts as hung: the one limit of all system tests. A machine whose cores are
     * shared by twenty times as many processes is twenty times slower; a passing test never waits for it.
     */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A condition; any exception means that it does not hold yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** An assertion; any exception or failed assertion means that it does not hold yet. */
    @FunctionalInterface
    public interface Claim {
        void check() throws Exception;
    }

    private Await() {}

    /** Returns when it holds. */
    public static void until(String what, Condition condition) {
        claim(what, () -> {
            if (!condition.holds()) {
                throw new AssertionError("not yet");
            }
        });
    }

    /** Returns when everything it asserts holds; otherwise the last failure is the cause of the error. */
    public static void claim(String what, Claim claim) {
        long startNanos = System.nanoTime();
        @Nullable Throwable last = failure(claim);
        while (last != null) {
            if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
                throw new AssertionError(what + ": not within " + LIMIT.toSeconds() + " s: " + last.getMessage(), last);
            }
            moment();
            last = failure(claim);
        }
    }

    /** Pauses before the next attempt, so that polling does not occupy the machine. */
    public static void moment() {
        LockSupport.parkNanos(INTERVAL_NANOS);
    }

    private static @Nullable Throwable failure(Claim claim) {
        try {
            claim.check();
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        } catch (Exception | AssertionError notYet) {
            return notYet;
        }
    }
}
