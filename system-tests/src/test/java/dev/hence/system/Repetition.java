package dev.hence.system;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A step that is repeated in a virtual thread, until it is stopped or fails. */
final class Repetition {

    /** The step. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    private final Step step;
    private final Duration pause;
    private final Thread thread;
    private final AtomicLong times = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    private Repetition(String name, Duration pause, Step step) {
        this.step = step;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** @param pause between two repetitions, so that starting nodes get processor time */
    static Repetition start(String name, Duration pause, Step step) {
        Repetition repetition = new Repetition(name, pause, step);
        repetition.thread.start();
        return repetition;
    }

    private void run() {
        try {
            while (!stopped) {
                step.run();
                times.incrementAndGet();
                LockSupport.parkNanos(pause.toNanos());
            }
        } catch (Exception | AssertionError failed) {
            failure = failed;
        }
    }

    /** The number of completed repetitions. */
    long times() {
        return times.get();
    }

    /** Stops it when the step in progress is done; fails if one has failed. */
    void stop() throws InterruptedException {
        stopAll(List.of(this));
    }

    /** Stops all of them; fails if a step of any has failed. */
    static void stopAll(Collection<Repetition> repetitions) throws InterruptedException {
        repetitions.forEach(repetition -> repetition.stopped = true);
        for (Repetition repetition : repetitions) {
            repetition.thread.join();
        }
        for (Repetition repetition : repetitions) {
            Throwable failure = repetition.failure;
            if (failure != null) {
                throw new AssertionError(repetition.thread.getName() + ": " + failure.getMessage(), failure);
            }
        }
    }
}
