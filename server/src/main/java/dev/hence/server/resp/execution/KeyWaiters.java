package dev.hence.server.resp.execution;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.keyspace.KeyChange;
import dev.hence.core.replica.Changes;
import dev.hence.server.runtime.CommitListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for which keys, in the order of arrival. A commit that leaves something under a key wakes the first who
 * waits for it, wherever the write came from.
 *
 * <p><b>Why nobody is forgotten.</b> Only the first of a queue is woken by a commit. Whoever leaves a queue, and
 * whoever was woken and found nothing, wakes the next if the key still shows something ({@link #wakeNext}); if it
 * does not, the commit that changes that wakes the first. So as long as a key shows something and somebody waits for
 * it, a wake is under way.
 *
 * <p>Thread-safe. Commits that meet no waiter cost one look at an empty map.
 */
public final class KeyWaiters implements CommitListener {

    private final ConcurrentHashMap<Bytes, Deque<Waiter>> queues = new ConcurrentHashMap<>();

    @Override
    public void committed(Changes changes) {
        if (queues.isEmpty()) {
            return;
        }
        changes.keys().forEach(this::changed);
    }

    private void changed(Bytes key, KeyChange change) {
        if (change.after().type() != null) {
            queues.computeIfPresent(key, (any, queue) -> {
                queue.getFirst().wake();
                return queue;
            });
        }
    }

    /**
     * Puts a waiter at the end of the queues of his keys.
     *
     * @return whether others stand before him in every one of them
     */
    boolean add(Waiter waiter) {
        boolean[] behind = {true};
        for (Bytes key : waiter.keys()) {
            queues.compute(key, (any, present) -> {
                Deque<Waiter> queue = present == null ? new ArrayDeque<>(2) : present;
                if (!queue.contains(waiter)) {
                    behind[0] &= !queue.isEmpty();
                    queue.addLast(waiter);
                }
                return queue;
            });
        }
        return behind[0];
    }

    /** Takes a waiter out of all queues. */
    void remove(Waiter waiter) {
        for (Bytes key : waiter.keys()) {
            queues.computeIfPresent(key, (any, queue) -> {
                queue.remove(waiter);
                return queue.isEmpty() ? null : queue;
            });
        }
    }

    /** Those of the keys that anybody waits for. */
    List<Bytes> waitedFor(List<Bytes> keys) {
        return keys.stream().filter(queues::containsKey).toList();
    }

    /** Wakes those who stand right behind a waiter, or the first ones where he is gone, for keys that show something. */
    void wakeNext(Waiter waiter, List<Bytes> shown) {
        for (Bytes key : shown) {
            queues.computeIfPresent(key, (any, queue) -> {
                wakeAfter(waiter, queue);
                return queue;
            });
        }
    }

    private static void wakeAfter(Waiter waiter, Deque<Waiter> queue) {
        Iterator<Waiter> each = queue.iterator();
        while (each.hasNext()) {
            if (each.next() == waiter) {
                if (each.hasNext()) {
                    each.next().wake();
                }
                return;
            }
        }
        queue.getFirst().wake();
    }

    /** How many keys are waited for. */
    public int keys() {
        return queues.size();
    }
}
