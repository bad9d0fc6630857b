package dev.hence.engine.storage;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The large rows of a storage, so that a client's read of one takes its memory first. To read 8 MB and to copy them
 * keeps a processor busy for some 10 ms, and the threads of all connections share the processors: a hundred clients
 * that ask for such a row at once must not all read it before they find that there is no memory for it.
 *
 * <p>How large a row is shows when it is read. So the sizes of large rows are remembered from when they were written or
 * read last, each in a slot that the hash of its name selects, and a later one takes the slot of an earlier one. A size
 * is an estimate, never relied on: one that is missing or too small has the read claim afterwards, as its result is
 * counted in any case; one that is too large has it claim too much for a moment.
 *
 * <p>Whom a read is for is bound to its thread ({@link #BUYER}). The writer's and others without one read at once.
 *
 * <p><b>Invariant.</b> Of those that have a buyer, no more than {@code turns} read and copy a row known as large at a
 * time, and each has claimed its size before. A turn ends without waiting for memory or a client, so that those that
 * wait for one, on their own threads, get theirs.
 *
 * <p>Thread-safe.
 */
public final class LargeRows {

    /** For whom this thread reads. */
    public static final ScopedValue<Buyer> BUYER = ScopedValue.newInstance();

    /** What a row has more of to count as large. */
    public static final int BYTES_MIN = 64 << 10;

    private static final int SLOTS = 4_096;

    private final AtomicLongArray sizes = new AtomicLongArray(SLOTS);
    private final Semaphore turns;

    /** What takes the memory for rows that are about to be read. */
    @FunctionalInterface
    public interface Buyer {

        /**
         * Takes memory for a row of about this many bytes, without waiting.
         *
         * @throws NoRoomException if there is none; the read ends so, and is run again when there is
         */
        void claim(long rowBytes);
    }

    /** One row being read. */
    public final class Turn implements AutoCloseable {
        private final int hash;
        private final boolean large;
        private final boolean held;

        private Turn(int hash, boolean large, boolean held) {
            this.hash = hash;
            this.large = large;
            this.held = held;
        }

        /** How large the row is; 0 if there is none. */
        public void was(int bytes) {
            if (large || bytes > BYTES_MIN) {
                remember(hash, bytes);
            }
        }

        @Override
        public void close() {
            if (held) {
                turns.release();
            }
        }
    }

    /** Half of the processors are left to other requests. */
    public LargeRows() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    LargeRows(int turns) {
        this.turns = new Semaphore(turns, true);
    }

    /** A row of a size was written. */
    public void written(byte[] name, int bytes) {
        if (bytes > BYTES_MIN) {
            remember(Arrays.hashCode(name), bytes);
        }
    }

    private void remember(int hash, int bytes) {
        sizes.set(slot(hash), bytes > BYTES_MIN ? (long) hash << 32 | bytes : 0);
    }

    /**
     * Begins to read a row, to be closed when it is read and copied.
     *
     * @throws NoRoomException if it is a large one, and its buyer has no memory for it
     */
    public Turn turn(byte[] name) {
        int hash = Arrays.hashCode(name);
        long known = sizes.get(slot(hash));
        if (known == 0 || (int) (known >> 32) != hash) {
            return new Turn(hash, false, false);
        }
        boolean bought = BUYER.isBound();
        if (bought) {
            BUYER.get().claim(known & 0xFFFF_FFFFL);
            turns.acquireUninterruptibly();
        }
        return new Turn(hash, true, bought);
    }

    /**
     * Begins to read a row whose size is known, to be closed when it is read and copied.
     *
     * @throws NoRoomException as {@link #turn}
     */
    Turn turnOf(int rowBytes) {
        boolean bought = BUYER.isBound();
        if (bought) {
            BUYER.get().claim(rowBytes);
            turns.acquireUninterruptibly();
        }
        return new Turn(0, false, bought);
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }
}
