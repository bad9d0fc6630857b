package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of consecutive updates of one origin between which the origin delivered nothing else: the unit in which updates
 * travel, are logged and delivered.
 *
 * <p><b>Invariant.</b> The context of every update but the first is the clock of the update before it, and its digest of
 * the past follows from that update. So what the first one depends on is all that the frame depends on: the {@link
 * dev.hence.core.delivery.DeliveryRule} is evaluated once a frame. A frame is made only by adding updates to it, which
 * derives both.
 *
 * <p>A frame is not a unit of meaning: its updates may be delivered one by one, and in any other frames.
 *
 * <p>Immutable.
 */
public final class Frame {

    private final List<Update> updates;
    private final Bytes encoded;
    private final long sizeBytes;

    private Frame(List<Update> updates, Bytes encoded) {
        this.updates = updates;
        this.encoded = encoded;
        long bytes = 0;
        for (int i = 0; i < updates.size(); i++) {
            bytes += updates.get(i).sizeBytes();
        }
        this.sizeBytes = bytes;
    }

    /** The frame of one update. */
    public static Frame of(Update update) {
        return new Frame(List.of(update), Bytes.EMPTY);
    }

    /** Returns a frame of each update. */
    public static List<Frame> each(List<Update> updates) {
        return updates.stream().map(Frame::of).toList();
    }

    /**
     * Collects the updates of a frame.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {
        private final List<Update> updates;
        private final UpdateChecksum checksum;
        private int checksumBefore;

        /**
         * @param first its first update
         * @param countMax the expected number of updates
         * @param checksumBefore the checksum of the origin's update before the first; not used if that is the origin's
         *     first, or if there is only one
         * @param checksum computes the checksums of the others
         */
        public Builder(Update first, int checksumBefore, int countMax, UpdateChecksum checksum) {
            this.checksum = checksum;
            this.updates = new ArrayList<>(countMax);
            this.checksumBefore = checksumBefore;
            updates.add(first);
        }

        /** Adds the origin's next update. */
        public void add(long timestamp, List<Operation> operations, Bytes request) {
            Update last = updates.getLast();
            int past = Lineage.following(last, checksumBefore);
            checksumBefore = last.checksum();
            updates.add(Update.of(last.dot().next(), last.clock(), timestamp, operations, past, request, checksum));
        }

        /** The last update. */
        public Update last() {
            return updates.getLast();
        }

        /** @param encoded see {@link Frame#encoded} */
        public Frame build(Bytes encoded) {
            return new Frame(updates, encoded);
        }
    }

    /** Its updates, in their order; at least one. */
    public List<Update> updates() {
        return updates;
    }

    /**
     * The bytes in which it arrived, for the host to store and to pass on as they are; the core does not read them. Empty
     * if there are none.
     */
    public Bytes encoded() {
        return encoded;
    }

    public int size() {
        return updates.size();
    }

    public ReplicaId origin() {
        return updates.getFirst().dot().replica();
    }

    public Update first() {
        return updates.getFirst();
    }

    public Update last() {
        return updates.getLast();
    }

    /** The size in bytes of keys and values, as {@link Update#sizeBytes}. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /**
     * The frame of its updates from a counter on; this frame if that is all of them.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Frame from(long counter) {
        return part(counter, last().dot().counter());
    }

    /**
     * The frame of its updates from one counter to another; this frame if that is all of them.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Frame part(long from, long to) {
        long first = first().dot().counter();
        int begin = Math.toIntExact(Math.max(0, from - first));
        int end = Math.toIntExact(Math.min(updates.size(), to - first + 1));
        if (begin >= end) {
            throw new IllegalArgumentException(
                    "part of " + this + ": counters " + from + " to " + to + " (expected: some of them)");
        }
        return begin == 0 && end == updates.size() ? this : new Frame(updates.subList(begin, end), Bytes.EMPTY);
    }

    /** For logs: its first and last dot. */
    @Override
    public String toString() {
        Dot first = first().dot();
        return updates.size() == 1
                ? first.toString()
                : first + " to " + last().dot().counter();
    }
}
