package dev.hence.redis.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that large requests of all connections together may take while they are being received and run. Small
 * ones do not count: the number of connections bounds those.
 *
 * <p>Thread-safe.
 */
public final class RequestBudget {

    private final AtomicLong left;

    public RequestBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** Takes so many bytes out of the budget; false if there are not so many left. */
    public boolean claim(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** Puts back what was claimed. */
    public void release(long bytes) {
        left.addAndGet(bytes);
    }

    /** What can still be claimed. */
    public long leftBytes() {
        return left.get();
    }
}
