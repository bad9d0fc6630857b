package dev.hence.system.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition of another process by asking again and again, within a generous limit. */
public final class Await {

    /**
     * How long anything may take before a test calls it hung: the one limit of all system tests. A machine whose cores
     * are shared by twenty times as many processes is twenty times slower; a test that holds never waits for it.
     */
    public static final Duration LIMIT = Duration.ofMinutes(10);

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A condition; any exception says that it does not hold yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Something to be asserted; any exception or failed assertion says that it does not hold yet. */
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

    /** Lets some time pass before the next attempt, so that attempts do not take the machine for themselves. */
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
