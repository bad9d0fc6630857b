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
 * Who waits for which keys to hold which type, in the order of arrival. A commit that leaves a key with a type wakes
 * the first who waits for just that, wherever the write came from.
 *
 * <p><b>Why nobody is forgotten.</b> Whoever stands in a queue can take what it waits for, or be told why not, and
 * leaves it then. So of each queue only the first need be woken: by the commit after which its key holds its type,
 * and, when whoever was first leaves for whatever reason, if the key still does. Whoever tries and finds nothing has
 * seen none of its keys hold the type, and goes on waiting for a commit that changes that. So as long as a key holds
 * what a queue waits for, a wake of its first is under way, and a waiter that comes later may leave it to that one.
 *
 * <p>Thread-safe. Commits that meet no waiter cost one look at an empty map.
 */
public final class KeyWaiters implements CommitListener {

    /** What one queue waits for: that a key holds a type. */
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
     * Puts a waiter at the end of its queues.
     *
     * @return whether others stand before it in every one of them
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

    /** Takes a waiter out of all queues. */
    public void remove(Waiter waiter) {
        for (Wanted wanted : waiter.wanted()) {
            queues.computeIfPresent(wanted, (any, queue) -> {
                queue.remove(waiter);
                return queue.isEmpty() ? null : queue;
            });
        }
    }

    /** Those queues of a waiter that anybody stands in. */
    public List<Wanted> waitedFor(Waiter waiter) {
        return waiter.wanted().stream().filter(queues::containsKey).toList();
    }

    /** Wakes the first of a queue, if there is one. */
    public void wakeFirst(Wanted wanted) {
        queues.computeIfPresent(wanted, (any, queue) -> {
            queue.getFirst().wake();
            return queue;
        });
    }
}
