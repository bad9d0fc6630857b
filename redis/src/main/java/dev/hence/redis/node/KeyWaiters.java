package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.replica.CommitBatch;
import dev.hence.node.store.CommitListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The queues of blocked commands by key and type, in order of arrival. A commit that leaves a key with a type wakes the
 * first waiter for that key and type, whichever node the write came from.
 *
 * <p><b>Why no waiter is missed.</b> A waiter in a queue either takes what it waits for or is rejected, and then
 * leaves. So only the first of each queue must be woken: by the commit after which its key holds its type, and, when
 * the first leaves for any reason, if the key still does. A waiter that tries and finds nothing has seen that none of
 * its keys holds the type, and continues to wait for a commit that changes that. So while a key holds what a queue
 * waits for, a wake-up of its first is under way, and a later waiter may rely on it.
 *
 * <p>Thread-safe. A commit without waiters costs one look-up in an empty map.
 */
public final class KeyWaiters implements CommitListener {

    /** The condition of one queue: that a key holds a type. */
    public record Wanted(Bytes key, DataType type) {}

    private final ConcurrentHashMap<Wanted, Deque<Waiter>> queues = new ConcurrentHashMap<>();

    @Override
    public void committed(CommitBatch changes) {
        if (queues.isEmpty()) {
            return;
        }
        changes.keys().forEach(this::changed);
    }

    private void changed(Bytes key, KeyChange change) {
        DataType type = change.after().type();
        if (type != null) {
            wakeFirst(new Wanted(key, type));
        }
    }

    /**
     * Adds a waiter at the end of its queues.
     *
     * @return whether others precede it in every one of them
     */
    public boolean add(Waiter waiter) {
        boolean[] behind = {true};
        for (Wanted wanted : waiter.wanted()) {
            queues.compute(wanted, (any, present) -> {
                Deque<Waiter> queue = present == null ? new ArrayDeque<>(2) : present;
                behind[0] &= !queue.isEmpty();
                queue.addLast(waiter);
                return queue;
            });
        }
        return behind[0];
    }

    /** Removes a waiter from all queues. */
    public void remove(Waiter waiter) {
        for (Wanted wanted : waiter.wanted()) {
            queues.computeIfPresent(wanted, (any, queue) -> {
                queue.remove(waiter);
                return queue.isEmpty() ? null : queue;
            });
        }
    }

    /** The queues of a waiter that are not empty. */
    public List<Wanted> waitedFor(Waiter waiter) {
        return waiter.wanted().stream().filter(queues::containsKey).toList();
    }

    /** Wakes the first waiter of a queue, if there is one. */
    public void wakeFirst(Wanted wanted) {
        queues.computeIfPresent(wanted, (any, queue) -> {
            queue.getFirst().wake();
            return queue;
        });
    }
}
