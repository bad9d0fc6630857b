package dev.hence.redis.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory budget of large requests of all connections while they are received and run. Small requests are not
 * counted: the number of connections bounds them.
 *
 * <p>Thread-safe.
 */
public final class RequestBudget {

    private final AtomicLong left;

    public RequestBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** Claims bytes from the budget; returns false if not enough are left. */
    public boolean claim(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** Releases claimed bytes. */
    public void release(long bytes) {
        left.addAndGet(bytes);
    }

    /** The bytes that can still be claimed. */
    public long leftBytes() {
        return left.get();
    }
}
