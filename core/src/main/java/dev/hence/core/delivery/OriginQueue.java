package dev.hence.core.delivery;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The received, not yet delivered updates of one origin, in the order of their counters.
 *
 * <p>A ring indexed by counter, so that taking in an update in any order and removing the head cost
 * O(1). It holds counters {@code delivered + 1 .. delivered + capacity}; invariant: {@code capacity} is
 * a power of two, and a counter's slot is its low bits, so no two held counters share a slot.
 */
final class OriginQueue {

    private static final int CAPACITY_START = 16;

    /** An update, the frame it arrived in, and its time of receipt. */
    record Held(Update update, Frame frame, long sinceMillis) {}

    /**
     * The state of the head, the update that follows the last delivered one. It is {@code WAITING} while
     * it is in the list of waiters of exactly one other origin, and {@code READY} while it is in the
     * buffer's list of deliverable heads.
     */
    enum Head {
        ABSENT,
        WAITING,
        READY
    }

    final ReplicaId origin;
    Head head = Head.ABSENT;

    private @Nullable Held[] ring = new @Nullable Held[CAPACITY_START];
    private long delivered;
    private int size;
    private long bytes;

    OriginQueue(ReplicaId origin, long delivered) {
        this.origin = origin;
        this.delivered = delivered;
    }

    /** The counter of the last delivered update. */
    long delivered() {
        return delivered;
    }

    int size() {
        return size;
    }

    /** The bytes of keys and values held. */
    long bytes() {
        return bytes;
    }

    /** Returns the largest counter that can be held without growing beyond the given number of slots. */
    boolean reaches(long counter, int slotsMax) {
        return counter - delivered <= slotsMax;
    }

    /** Returns the held update with that counter; null if it is not held. */
    @Nullable
    Held get(long counter) {
        return counter <= delivered || counter - delivered > ring.length ? null : ring[slot(counter)];
    }

    /** Returns the update that follows the last delivered one; null if it is not held. */
    @Nullable
    Held peek() {
        return get(delivered + 1);
    }

    /** Adds an update that is neither delivered nor held. */
    void put(Held held) {
        long counter = held.update().dot().counter();
        while (counter - delivered > ring.length) {
            grow();
        }
        ring[slot(counter)] = held;
        size++;
        bytes += held.update().sizeBytes();
    }

    /**
     * Returns the updates from the head on that arrived in one frame: they can be delivered together. Null if the head is
     * not held.
     */
    @Nullable
    Frame peekFrame() {
        Held head = peek();
        if (head == null) {
            return null;
        }
        long last = delivered + 1;
        for (Held next = get(last + 1); next != null && isOfFrame(next, head.frame()); next = get(last + 1)) {
            last++;
        }
        return head.frame().part(delivered + 1, last);
    }

    // The same frame, not an equal one: only then do its updates follow each other as the frame promises.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOfFrame(Held held, Frame frame) {
        return held.frame() == frame;
    }

    /** Records that the update with the next counter was delivered, and drops it if it was held. */
    void deliverNext() {
        delivered++;
        Held held = ring[slot(delivered)];
        if (held != null) {
            ring[slot(delivered)] = null;
            size--;
            bytes -= held.update().sizeBytes();
        }
    }

    /** Drops all held updates and returns their number; the head must not be in a list. */
    int clear() {
        int cleared = size;
        Arrays.fill(ring, null);
        head = Head.ABSENT;
        size = 0;
        bytes = 0;
        return cleared;
    }

    private void grow() {
        @Nullable Held[] old = ring;
        ring = Arrays.copyOf(new @Nullable Held[0], old.length * 2);
        for (Held held : old) {
            if (held != null) {
                ring[slot(held.update().dot().counter())] = held;
            }
        }
    }

    private int slot(long counter) {
        return (int) counter & (ring.length - 1);
    }
}
