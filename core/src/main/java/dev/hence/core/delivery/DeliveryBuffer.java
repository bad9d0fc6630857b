package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.OriginQueue.Head;
import dev.hence.core.delivery.OriginQueue.Held;
import dev.hence.core.update.Frame;
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
 * The causal delivery buffer: accepts updates in any order, with duplicates and gaps, and returns them in an order that
 * obeys the {@link DeliveryRule}.
 *
 * <p><b>How.</b> There is one queue per origin, and only its head - the update that follows the last delivered one -
 * can be deliverable. A head that cannot be delivered waits on <em>one</em> missing dot (r, c): it is in the list of
 * waiters of r and is examined again when r's counter reaches c. It is then delivered, or waits on another replica. A
 * context names a replica once, so each update is examined at most once per entry of its context, and <i>n</i> updates
 * cost O(<i>n</i>) in any arrival order.
 *
 * <p><b>Frames.</b> Updates arrive in frames, and what the first of a frame depends on is all that the frame depends on.
 * So a frame is delivered as one, unless some of its updates are here already. A frame that waits is held as its
 * updates.
 *
 * <p><b>Invariants.</b> (1) The first update of what {@link #deliverNext} returns is deliverable at the clock before it;
 * this is asserted there. (2) The head of a queue is ready, or waits in exactly one list of waiters for a dot that the clock
 * does not contain. So no update is lost: when all its dependencies are delivered, it is ready.
 *
 * <p><b>Forks.</b> An update that is deliverable by its context is delivered only if this replica has the same updates
 * under the dots of the context as the update's origin had: {@link Lineage#agrees}. Otherwise it is dropped, together
 * with every held update of its origin, because later ones depend on it; {@link #takeForked} returns them. From then on
 * only agreeing updates of that origin are delivered, whichever node sends them.
 *
 * <p><b>Bound.</b> A queue holds at most {@link Limits#updatesMax} counters beyond the delivered one and about {@link
 * Limits#bytesMax} bytes; beyond that an update is {@link Receipt.Refused}. The head itself is always accepted. Hence
 * the bound cannot deadlock as long as each origin's updates come in order on a feed of their own: an undelivered
 * update that is minimal in happened-before is the next one of its origin, so it is accepted whatever else is held, and
 * it is deliverable.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 */
public final class DeliveryBuffer {

    /**
     * The limits of what is held for one origin.
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

    /** A blocked head: the head of {@code blocked} is examined again when {@code counter} is reached. */
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
     * @param clock the updates delivered so far
     * @param log the stored updates, which include all of them
     */
    public DeliveryBuffer(VersionVector clock, Limits limits, Lineage.Log log) {
        this.clock = clock;
        this.limits = limits;
        this.lineage = new Lineage(clock, log);
    }

    /** A buffer of a replica that cannot look up stored updates: it trusts updates that name older ones. */
    public DeliveryBuffer(VersionVector clock, Limits limits) {
        this(clock, limits, dot -> null);
    }

    /** The delivered updates: the node's clock. */
    public VersionVector clock() {
        return clock;
    }

    /** The digest of the updates under the dots of the clock, for an update that is made on it. */
    public int past() {
        return lineage.past();
    }

    /** Records that every delivered update is being stored; the log is not read before that has finished. */
    public void stored() {
        lineage.stored();
    }

    /**
     * Returns the updates dropped since the last call because this replica has different updates under dots that they
     * name. The host ends the streams that carried them and requests them again.
     */
    public List<Dot> takeForked() {
        List<Dot> taken = forked;
        forked = taken.isEmpty() ? taken : new ArrayList<>();
        return taken;
    }

    /** The number of received updates that are not yet delivered. */
    public int size() {
        return size;
    }

    /** Whether an update with this dot was delivered or is held. */
    public boolean has(Dot dot) {
        OriginQueue queue = queues.get(dot.replica());
        return clock.contains(dot) || (queue != null && queue.get(dot.counter()) != null);
    }

    /** Receives a frame of one update, as {@link #receive(Frame, long)}. */
    public Receipt receive(Update update, long nowMillis) {
        return receive(Frame.of(update), nowMillis);
    }

    /**
     * Accepts a frame from the network: all of its updates that are not delivered or held, or none. {@link #deliverNext}
     * returns what became deliverable by it; {@link Receipt.Delivered} means that the frame itself is among that.
     *
     * @param nowMillis the node's wall clock, recorded to report how long an update waits
     * @return the outcome, that of the first new update if only some are new; {@link Receipt.Forked} if another update
     *     under a dot of it is buffered, or was delivered recently
     */
    public Receipt receive(Frame frame, long nowMillis) {
        OriginQueue queue = queue(frame.origin());
        @Nullable Update firstNew = null;
        for (Update update : frame.updates()) {
            Receipt known = known(queue, update);
            if (known instanceof Receipt.Forked) {
                return known;
            }
            if (known == null && firstNew == null) {
                firstNew = update;
            }
        }
        if (firstNew == null) {
            return new Receipt.Duplicate();
        }
        boolean next = firstNew.dot().counter() == queue.delivered() + 1;
        if (!next && !hasRoom(queue, frame)) {
            return new Receipt.Refused();
        }
        for (Update update : frame.updates()) {
            if (!clock.contains(update.dot()) && queue.get(update.dot().counter()) == null) {
                queue.put(new Held(update, frame, nowMillis));
                size++;
            }
        }
        if (next) {
            lookAtHead(queue);
        }
        Dot missing = DeliveryRule.firstMissing(firstNew, clock);
        return missing == null ? new Receipt.Delivered() : new Receipt.Buffered(missing);
    }

    /** The outcome for an update that is not new; null if it is new. */
    private @Nullable Receipt known(OriginQueue queue, Update update) {
        if (DeliveryRule.duplicate(update, clock)) {
            return lineage.contradicts(update) ? new Receipt.Forked(update.dot()) : new Receipt.Duplicate();
        }
        Held held = queue.get(update.dot().counter());
        if (held == null) {
            return null;
        }
        return held.update().checksum() == update.checksum() ? new Receipt.Duplicate() : contradicted(queue, update);
    }

    private boolean hasRoom(OriginQueue queue, Frame frame) {
        return queue.reaches(frame.last().dot().counter(), limits.updatesMax()) && queue.bytes() < limits.bytesMax();
    }

    /**
     * Two updates share one dot, and the held one may wait for an update that no longer exists anywhere. Neither is
     * kept: when the streams are requested again, whichever can be delivered is delivered.
     */
    private Receipt contradicted(OriginQueue queue, Update update) {
        ready.remove(queue);
        waiters.values().forEach(waiting -> waiting.removeIf(waiter -> waiter.blocked() == queue));
        size -= queue.clear();
        forked.add(update.dot());
        return new Receipt.Forked(update.dot());
    }

    /**
     * Returns the next updates to deliver, all those of a frame where that is possible, and adds them to the clock; null
     * if none is deliverable.
     */
    public @Nullable Frame deliverNext() {
        for (OriginQueue queue = ready.poll(); queue != null; queue = ready.poll()) {
            Frame frame = queue.peekFrame();
            if (frame == null || !DeliveryRule.deliverable(frame.first(), clock)) {
                throw new AssertionError("delivery rule broken: " + frame + " was treated as deliverable at " + clock);
            }
            if (lineage.agrees(frame.first())) {
                advance(queue, frame);
                size -= frame.size();
                return frame;
            }
            forked.add(frame.first().dot());
            size -= queue.clear();
        }
        return null;
    }

    /**
     * Records an update made at this replica, which is delivered as it is made.
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
        advance(queue, Frame.of(update));
    }

    /**
     * Records a frame of this replica's own log, which it delivered before a restart, in the order of the log.
     *
     * @throws IllegalStateException if it could not have been delivered here
     */
    public void deliverLogged(Frame frame) {
        Update update = frame.first();
        if (!DeliveryRule.deliverable(update, clock)) {
            throw new IllegalStateException("update " + update.dot() + " with context " + update.context()
                    + " follows the clock " + clock
                    + " in the log (expected: the next of its origin, and nothing in its"
                    + " context missing)");
        }
        advance(queue(frame.origin()), frame);
    }

    /** Returns waiting updates and what they wait for: each origin's in order, at most n in all. */
    public List<BufferedUpdate> buffered(int countMax) {
        List<BufferedUpdate> found = new ArrayList<>();
        for (OriginQueue queue : new TreeMap<>(queues).values()) {
            long counter = queue.delivered() + 1;
            for (int left = queue.size(); left > 0 && found.size() < countMax; counter++) {
                Held held = queue.get(counter);
                if (held != null) {
                    left--;
                    Dot missing = DeliveryRule.firstMissing(held.update(), clock);
                    // A deliverable head that the caller has not fetched yet waits for nothing.
                    if (missing != null) {
                        found.add(new BufferedUpdate(held.update(), missing, held.sinceMillis()));
                    }
                }
            }
        }
        return found;
    }

    /** The number of times heads were examined so far: the measure of the linear cost. */
    long looks() {
        return looks;
    }

    private void advance(OriginQueue queue, Frame frame) {
        for (int left = frame.size(); left > 0; left--) {
            queue.deliverNext();
        }
        Dot reached = frame.last().dot();
        queue.head = Head.ABSENT;
        clock = clock.with(reached);
        lineage.delivered(frame);
        lookAtHead(queue);
        wakeWaiters(reached);
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

    /** Classifies a head that is neither ready nor waiting. */
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
        OriginQueue known = queues.get(origin);
        return known != null ? known : queues.computeIfAbsent(origin, o -> new OriginQueue(o, clock.get(o)));
    }
}
