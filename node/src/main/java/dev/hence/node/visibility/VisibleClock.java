package dev.hence.node.visibility;

import dev.hence.core.clock.VersionVector;
import dev.hence.engine.storage.StorageException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The clock that is visible to readers: that of the last commit, published just after the commit became visible.
 *
 * <p><b>Why readers wait for a position.</b> A commit becomes visible in the storage a moment before its clock is
 * published here. A reader that saw the new value and returned the old clock would let its client read an older value
 * elsewhere. So a reader gets the storage's position <em>after</em> reading and takes the clock of the first view that
 * has reached it ({@link #reaching}). The wait takes a few microseconds and affects only readers in that moment.
 *
 * <p>If a commit fails half-way it may be visible and is never published; readers that saw it get an error instead of a
 * clock.
 *
 * <p>Thread-safe; one writer publishes.
 */
public final class VisibleClock {

    /**
     * A state of the node.
     *
     * @param clock everything that is visible
     * @param durable the part of it that survives a power loss
     * @param position the storage position of the clock
     * @param deliveries the number of updates in the log
     * @param closing whether the node accepts no more writes, so that nothing new will be published
     */
    public record View(VersionVector clock, VersionVector durable, long position, long deliveries, boolean closing) {}

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private volatile View view;
    private volatile boolean broken;

    /** A thread that waits for a state; it is woken only when that has come. */
    private final class Waiter {
        private final Predicate<View> wanted;
        private final Condition hasCome = lock.newCondition();

        private Waiter(Predicate<View> wanted) {
            this.wanted = wanted;
        }
    }

    public VisibleClock(View first) {
        this.view = first;
    }

    /** The current state. */
    public View view() {
        return view;
    }

    public void committed(VersionVector clock, boolean durable, long position, long deliveries) {
        publish(now -> new View(clock, durable ? clock : now.durable(), position, deliveries, now.closing()));
    }

    public void synced(VersionVector durable) {
        publish(now ->
                new View(now.clock(), now.durable().join(durable), now.position(), now.deliveries(), now.closing()));
    }

    public void closing() {
        publish(now -> new View(now.clock(), now.durable(), now.position(), now.deliveries(), true));
    }

    private void publish(UnaryOperator<View> change) {
        lock.lock();
        try {
            view = change.apply(view);
            for (Waiter waiter : waiters) {
                if (waiter.wanted.test(view)) {
                    waiter.hasCome.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Marks the node as failed: nothing is published any more, although more may be visible. Ends all waits. */
    public void broken() {
        lock.lock();
        try {
            broken = true;
            view = new View(view.clock(), view.durable(), view.position(), view.deliveries(), true);
            waiters.forEach(waiter -> waiter.hasCome.signal());
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #reaching} would return without blocking. */
    public boolean hasReached(long position) {
        return view.position() >= position;
    }

    /**
     * The first view whose clock covers what the storage shows at a position.
     *
     * @throws StorageException if there will never be one
     */
    public View reaching(long position) {
        View now = view;
        for (int spin = 0; now.position() < position && spin < 100; spin++) {
            Thread.onSpinWait();
            now = view;
        }
        return now.position() >= position ? now : awaitPosition(position);
    }

    private View awaitPosition(long position) {
        Waiter waiter = new Waiter(now -> now.position() >= position);
        lock.lock();
        waiters.add(waiter);
        try {
            while (view.position() < position) {
                if (broken) {
                    throw new StorageException(
                            "storage: the node failed during a commit, so written and lost data cannot be"
                                    + " distinguished; restart the node");
                }
                waiter.hasCome.awaitUninterruptibly();
            }
            return view;
        } finally {
            waiters.remove(waiter);
            lock.unlock();
        }
    }

    /** Blocks until everything in a clock is visible; returns whether it is. */
    public boolean awaitClock(VersionVector wanted, Duration atMost) throws InterruptedException {
        return await(now -> now.clock().descends(wanted) || now.closing(), atMost)
                .clock()
                .descends(wanted);
    }

    /** Blocks until everything in a clock would survive a power loss; returns whether it would. */
    public boolean awaitDurable(VersionVector wanted, Duration atMost) throws InterruptedException {
        return await(now -> now.durable().descends(wanted) || now.closing(), atMost)
                .durable()
                .descends(wanted);
    }

    /**
     * Blocks until the node has reached a state.
     *
     * @param wanted asked by the thread that publishes as well, so it must return at once
     * @return the view at that moment or on timeout: the caller checks which
     */
    public View await(Predicate<View> wanted, Duration atMost) throws InterruptedException {
        View now = view;
        if (wanted.test(now)) {
            return now;
        }
        Waiter waiter = new Waiter(wanted);
        long left = TimeUnit.NANOSECONDS.convert(atMost);
        lock.lock();
        waiters.add(waiter);
        try {
            while (!wanted.test(view) && left > 0) {
                left = waiter.hasCome.awaitNanos(left);
            }
            return view;
        } finally {
            waiters.remove(waiter);
            lock.unlock();
        }
    }
}
