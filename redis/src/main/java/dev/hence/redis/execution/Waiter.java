package dev.hence.redis.execution;

import dev.hence.redis.execution.KeyWaiters.Wanted;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One wait of one client: he sleeps, others wake him or end it. Thread-safe. */
final class Waiter {

    /** Why a wait is over before anything came. */
    enum End {
        TIME_IS_UP,
        UNBLOCKED_WITH_ERROR,
        CLIENT_GONE
    }

    private final List<Wanted> wanted;
    private final Semaphore woken = new Semaphore(0);
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();

    /** @param wanted any of these; each at most once */
    Waiter(List<Wanted> wanted) {
        this.wanted = wanted;
    }

    List<Wanted> wanted() {
        return wanted;
    }

    void wake() {
        woken.release();
    }

    /** Ends the wait; only the first reason counts. */
    boolean end(End why) {
        boolean first = end.compareAndSet(null, why);
        woken.release();
        return first;
    }

    /** Whether somebody has ended it: nothing may be taken for it any more. */
    boolean isEnded() {
        return end.get() != null;
    }

    /**
     * Sleeps until somebody wakes him.
     *
     * @param deadlineNanos by {@link System#nanoTime}; 0 for none
     * @return why it is over; null if it is worth another try
     */
    @Nullable
    End sleep(long deadlineNanos) throws InterruptedException {
        if (deadlineNanos == 0) {
            woken.acquire();
        } else if (!woken.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            end(End.TIME_IS_UP);
        }
        woken.drainPermits();
        return end.get();
    }
}
