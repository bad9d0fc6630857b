package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.OriginQueue.Head;
import dev.hence.core.delivery.OriginQueue.Held;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Update;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The causal delivery buffer: accepts updates in any order, with duplicates and gaps, and delivers them in an order
 * that obeys the {@link DeliveryRule}.
 *
 * <p><b>How.</b> There is one queue per origin, and only its head - the update that follows the last
 * delivered one - can be deliverable. A head that cannot be delivered waits on <em>one</em> missing dot
 * (r, c): it is in the list of waiters of r and is looked at again when r's counter reaches c. It is
 * then delivered, or waits on another replica; as a context names a replica once, each update is looked
 * at most once per entry of its context, and <i>n</i> updates cost O(<i>n</i>) however they arrive.
 *
 * <p><b>Invariants.</b> (1) What {@link #deliverNext} gives out is deliverable at the clock before it,
 * checked at that place. (2) The head of a queue is ready, or waits in exactly one list of waiters for a
 * dot that the clock does not contain. So an update is never forgotten: when all that it depends on is
 * delivered, it is ready.
 *
 * <p><b>Forks.</b> What is deliverable by its context is delivered only if this replica has the same updates under the
 * dots of the context as the update's origin had: {@link Lineage#agrees}. Otherwise it is dropped, with all that is held
 * of its origin, for what follows depends on it; {@link #takeForked} tells. Nothing of that origin is delivered from
 * then on but what agrees, regardless of which node brings it.
 *
 * <p><b>Bound.</b> A queue holds at most {@link Limits#updatesMax} counters beyond the delivered one and
 * about {@link Limits#bytesMax} bytes; beyond that an update is {@link Receipt.Refused}. The head itself
 * is always taken. Hence the bound cannot deadlock as long as each origin's updates come in order on a
 * feed of their own: of all undelivered updates take one that is minimal in happened-before; it is the
 * next one of its origin, so it is taken whatever else is held, and it is deliverable.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 */
public final class DeliveryBuffer {

    /**
     * How much is held for one origin.
     *
     * @param updatesMax counters beyond the last delivered one, at least 1
     * @param bytesMax bytes of keys and values, at least 1
     */
    public record Limits(int updatesMax, long bytesMax) {
        /** @throws IllegalArgumentException if a limit is less than 1 */
        public Limits {
            if (updatesMax < 1 || bytesMax < 1) {
                throw new IllegalArgumentException(
                        "buffer limits: " + updatesMax + " updates, " + bytesMax + " bytes (expected: at least 1)");
            }
        }
    }

    /** A blocked head: that of {@code blocked} is looked at again when {@code counter} is reached. */
    private record Waiter(long counter, OriginQueue blocked) {}

    private final Limits limits;
    private final Lineage lineage;
    private final Map<ReplicaId, OriginQueue> queues = new HashMap<>();
    private final Map<ReplicaId, PriorityQueue<Waiter>> waiters = new HashMap<>();
    private final Queue<OriginQueue> ready = new ArrayDeque<>();
    private List<Dot> forked = new ArrayList<>();
    private VersionVector clock;
    private int size;
    private long looks;

    /**
     * @param clock what has been delivered before
     * @param log what is stored, which is all of that
     */
    public DeliveryBuffer(VersionVector clock, Limits limits, Lineage.Log log) {
        this.clock = clock;
        this.limits = limits;
        this.lineage = new Lineage(clock, log);
    }

    /** A buffer of a replica that cannot look up what is stored: of older updates it takes the word of those who name them. */
    public DeliveryBuffer(VersionVector clock, Limits limits) {
        this(clock, limits, dot -> null);
    }

    /** All that has been delivered: the node's clock. */
    public VersionVector clock() {
        return clock;
    }

    /** The digest of the updates under the dots of the clock, for an update that is made on it. */
    public int past() {
        return lineage.past();
    }

    /** Records that all that was delivered is being stored; the log is not asked before it is. */
    public void stored() {
        lineage.stored();
    }

    /**
     * The updates that were dropped since the last call, because this replica has others under dots that they name;
     * the streams that brought them are to be ended, and asked for again.
     */
    public List<Dot> takeForked() {
        List<Dot> taken = forked;
        forked = taken.isEmpty() ? taken : new ArrayList<>();
        return taken;
    }

    /** The number of updates that were received and not yet delivered. */
    public int size() {
        return size;
    }

    /** Whether an update of this name was delivered or is held. */
    public boolean has(Dot dot) {
        OriginQueue queue = queues.get(dot.replica());
        return clock.contains(dot) || (queue != null && queue.get(dot.counter()) != null);
    }

    /**
     * Takes in an update from the network. What became deliverable by it is given out by {@link
     * #deliverNext}; {@link Receipt.Delivered} says that the update itself is among it.
     *
     * @param nowMillis the node's wall clock, remembered for those who ask how long an update waits
     * @return {@link Receipt.Forked} if another update under its dot is buffered, or was delivered recently
     */
    public Receipt receive(Update update, long nowMillis) {
        OriginQueue queue = queue(update.dot().replica());
        long counter = update.dot().counter();
        if (DeliveryRule.duplicate(update, clock)) {
            return lineage.contradicts(update) ? new Receipt.Forked(update.dot()) : new Receipt.Duplicate();
        }
        Held held = queue.get(counter);
        if (held != null) {
            return held.update().checksum() == update.checksum()
                    ? new Receipt.Duplicate()
                    : contradicted(queue, update);
        }
        boolean next = counter == queue.delivered() + 1;
        if (!next && (!queue.reaches(counter, limits.updatesMax()) || queue.bytes() >= limits.bytesMax())) {
            return new Receipt.Refused();
        }
        queue.put(new Held(update, nowMillis));
        size++;
        if (next) {
            lookAtHead(queue);
        }
        Dot missing = DeliveryRule.firstMissing(update, clock);
        return missing == null ? new Receipt.Delivered() : new Receipt.Buffered(missing);
    }

    /**
     * Two updates of one name, of which the one that is held may wait for what is nowhere any more: neither is kept, so
     * that whichever can be delivered is, when the streams are asked for again.
     */
    private Receipt contradicted(OriginQueue queue, Update update) {
        ready.remove(queue);
        waiters.values().forEach(waiting -> waiting.removeIf(waiter -> waiter.blocked() == queue));
        size -= queue.clear();
        forked.add(update.dot());
        return new Receipt.Forked(update.dot());
    }

    /** The next update to deliver, now part of the clock; null if none is deliverable. */
    public @Nullable Update deliverNext() {
        for (OriginQueue queue = ready.poll(); queue != null; queue = ready.poll()) {
            Held held = queue.peek();
            if (held == null || !DeliveryRule.deliverable(held.update(), clock)) {
                throw new AssertionError("delivery rule broken: " + held + " was taken for deliverable at " + clock);
            }
            Update update = held.update();
            if (lineage.agrees(update)) {
                advance(queue, update);
                size--;
                return update;
            }
            forked.add(update.dot());
            size -= queue.clear();
        }
        return null;
    }

    /**
     * Records an update that was made here, which is delivered as it is made.
     *
     * @throws AssertionError if it is not the replica's next one
     */
    public void deliverLocal(Update update) {
        Dot dot = update.dot();
        OriginQueue queue = queue(dot.replica());
        if (dot.counter() != queue.delivered() + 1) {
            throw new AssertionError("local update " + dot + " (expected: counter " + (queue.delivered() + 1)
                    + "): a dot would be used twice or left out");
        }
        advance(queue, update);
    }

    /** Some of the updates that wait, and what for: each origin's in their order, at most the given number in all. */
    public List<BufferedUpdate> buffered(int countMax) {
        List<BufferedUpdate> found = new ArrayList<>();
        for (OriginQueue queue : new TreeMap<>(queues).values()) {
            long counter = queue.delivered() + 1;
            for (int left = queue.size(); left > 0 && found.size() < countMax; counter++) {
                Held held = queue.get(counter);
                if (held != null) {
                    left--;
                    Dot missing = DeliveryRule.firstMissing(held.update(), clock);
                    // A deliverable head that the caller has not taken out yet waits for nothing.
                    if (missing != null) {
                        found.add(new BufferedUpdate(held.update(), missing, held.sinceMillis()));
                    }
                }
            }
        }
        return found;
    }

    /** How often heads were looked at so far: what the claim of linear cost counts. */
    long looks() {
        return looks;
    }

    private void advance(OriginQueue queue, Update update) {
        queue.deliverNext();
        queue.head = Head.ABSENT;
        clock = clock.with(update.dot());
        lineage.delivered(update);
        lookAtHead(queue);
        wakeWaiters(update.dot());
    }

    private void wakeWaiters(Dot reached) {
        PriorityQueue<Waiter> waiting = waiters.get(reached.replica());
        if (waiting == null) {
            return;
        }
        for (Waiter first = waiting.peek();
                first != null && first.counter() <= reached.counter();
                first = waiting.peek()) {
            waiting.remove();
            first.blocked().head = Head.ABSENT;
            lookAtHead(first.blocked());
        }
    }

    /** Puts a head that is neither ready nor waiting where it belongs. */
    private void lookAtHead(OriginQueue queue) {
        Held held = queue.peek();
        if (held == null || queue.head != Head.ABSENT) {
            return;
        }
        looks++;
        Dot missing = DeliveryRule.firstMissing(held.update(), clock);
        if (missing == null) {
            queue.head = Head.READY;
            ready.add(queue);
        } else {
            queue.head = Head.WAITING;
            waiters.computeIfAbsent(
                            missing.replica(), r -> new PriorityQueue<>(Comparator.comparingLong(Waiter::counter)))
                    .add(new Waiter(missing.counter(), queue));
        }
    }

    private OriginQueue queue(ReplicaId origin) {
        return queues.computeIfAbsent(origin, o -> new OriginQueue(o, clock.get(o)));
    }
}
