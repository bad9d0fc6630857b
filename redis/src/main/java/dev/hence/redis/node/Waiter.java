package dev.hence.redis.node;

import dev.hence.redis.node.KeyWaiters.Wanted;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The place of one blocking command in the queues of its keys. Thread-safe. */
public final class Waiter {

    private final List<Wanted> wanted;
    private final Semaphore woken = new Semaphore(0);

    /** @param wanted the conditions that it waits for, any of them; each at most once */
    public Waiter(List<Wanted> wanted) {
        this.wanted = wanted;
    }

    List<Wanted> wanted() {
        return wanted;
    }

    void wake() {
        woken.release();
    }

    /**
     * Blocks until woken.
     *
     * @param deadlineNanos by {@link System#nanoTime}; 0 for no deadline
     * @return whether to try again; false if the deadline has passed
     */
    public boolean sleep(long deadlineNanos) throws InterruptedException {
        boolean inTime = true;
        if (deadlineNanos == 0) {
            woken.acquire();
        } else {
            inTime = woken.tryAcquire(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        woken.drainPermits();
        return inTime;
    }
}
