package dev.hence.engine.storage;

import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.log.Block;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one read of the log. Reads for a {@link LargeRows.Buyer} are claimed: a large block before it is read,
 * otherwise what is kept of it.
 *
 * <p>Not thread-safe.
 */
final class LogRead {

    /** A block of small updates has less: up to the largest that the next one joins, and one more. */
    private static final int BLOCK_BYTES_UNCLAIMED_MAX = 2 * LargeRows.BYTES_MIN;

    private final LargeRows largeRows;
    private final int countMax;
    private final long bytesMax;
    private int count;
    private long bytes;
    private boolean claimed;

    /**
     * @param countMax after which no more is taken
     * @param bytesMax after which no more is taken; one is always taken
     */
    LogRead(LargeRows largeRows, int countMax, long bytesMax) {
        this.largeRows = largeRows;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    /** Reads a block, and takes what it wants of it. */
    @FunctionalInterface
    interface Reader {
        /** Returns whether there is room for more. */
        boolean run() throws IOException;
    }

    /**
     * Reads one block.
     *
     * @return whether there is room for more
     * @throws NoRoomException if there is no memory for the first that it wants
     * @throws IOException if the block cannot be read or decoded
     */
    @SuppressWarnings("try") // The turn is held, not used.
    boolean read(Block block, Reader reader) throws IOException {
        claimed = LargeRows.BUYER.isBound() && block.bytes() > BLOCK_BYTES_UNCLAIMED_MAX;
        try (LargeRows.@Nullable Turn turn = claimed ? largeRows.turnOf(Math.toIntExact(block.bytes())) : null) {
            return decoding(block, reader);
        } catch (NoRoomException noRoom) {
            if (count == 0) {
                throw noRoom;
            }
            return false;
        }
    }

    /** Runs a reader whose decoding may fail. */
    static boolean decoding(Block block, Reader reader) throws IOException {
        try {
            return reader.run();
        } catch (MalformedRecordException damaged) {
            throw new IOException(block + ": " + damaged.getMessage(), damaged);
        }
    }

    /**
     * Counts one that is kept.
     *
     * @param cost its memory in bytes
     * @return whether there is room for more
     */
    boolean take(long cost) {
        if (!claimed && LargeRows.BUYER.isBound()) {
            LargeRows.BUYER.get().claim(cost);
        }
        count++;
        bytes += cost;
        return count < countMax && bytes < bytesMax;
    }
}
