package dev.hence.engine.storage;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The admission of reads of large rows: a client's read of one claims its memory first. Reading and copying 8 MB keeps
 * a processor busy for some 10 ms, and the threads of all connections share the processors: a hundred clients that
 * request such a row at once must not all read it before they find that there is no memory for it.
 *
 * <p>The size of a row is known only once it is read. So the sizes of large rows are recorded when they are written or
 * read, each in a slot selected by the hash of the row's name; a later entry replaces an earlier one. A size is an
 * estimate and correctness does not depend on it: if it is missing or too small, the read claims afterwards, because
 * its result is counted in any case; if it is too large, the read claims too much for a moment.
 *
 * <p>The buyer of a read is bound to its thread ({@link #BUYER}). The writer and other threads without a buyer read at
 * once.
 *
 * <p><b>Invariant.</b> Of the reads with a buyer, at most {@code turns} read and copy a row known to be large at a
 * time, and each has claimed its size before. A turn ends without waiting for memory or a client, so every read that
 * waits for a turn, on its own thread, gets one.
 *
 * <p>Thread-safe.
 */
public final class LargeRows {

    /** The buyer for which this thread reads. */
    public static final ScopedValue<Buyer> BUYER = ScopedValue.newInstance();

    /** A row with more bytes than this is large. */
    public static final int BYTES_MIN = 64 << 10;

    private static final int SLOTS = 4_096;

    private final AtomicLongArray sizes = new AtomicLongArray(SLOTS);
    private final Semaphore turns;

    /** Claims the memory for rows that are about to be read. */
    @FunctionalInterface
    public interface Buyer {

        /**
         * Claims memory for a row of about the given size, without waiting.
         *
         * @throws NoRoomException if there is none; it ends the read, which is run again when there is memory
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

        /** The size of the row; 0 if there is none. */
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

    /** Half of the processors are reserved for other requests. */
    public LargeRows() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    LargeRows(int turns) {
        this.turns = new Semaphore(turns, true);
    }

    /** Records that a row of a size was written. */
    public void written(byte[] name, int bytes) {
        if (bytes > BYTES_MIN) {
            remember(Arrays.hashCode(name), bytes);
        }
    }

    private void remember(int hash, int bytes) {
        sizes.set(slot(hash), bytes > BYTES_MIN ? (long) hash << 32 | bytes : 0);
    }

    /**
     * Begins to read a row; the caller closes the result when the row is read and copied.
     *
     * @throws NoRoomException if the row is large and its buyer has no memory for it
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
