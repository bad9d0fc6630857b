package dev.hence.engine.storage;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.ReplicaNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/**
 * The update log in RocksDB: all updates in delivery order, found by sequence or by dot.
 *
 * <p>Updates that are committed together share rows, {@link LogBlock}s, each under the sequence of its first update.
 * For every origin in a block the index has a row, which maps the origin's first update in the block to the block. Each
 * origin's updates are in counter order, so the last index row of the origin at or before an update leads to its block.
 * Under load a write adds a fraction of a row; with one row per update, log and index would be two of the three rows of
 * a string write.
 *
 * <p>Thread-safe while the files are open, which the callers ensure; only one thread appends.
 */
final class UpdateLog {

    /**
     * The approximate memory of an update in addition to its keys and values, so that many small updates are bounded as
     * well.
     */
    private static final int UPDATE_OVERHEAD_BYTES = 300;

    /** A block of small updates has less: up to the largest that the next one joins, and one more. */
    private static final int ROW_BYTES_UNCLAIMED_MAX = 2 * LargeRows.BYTES_MIN;

    private static final byte[] NOTHING = {};

    private final RocksFiles files;
    private final ReplicaNumbers numbers;

    UpdateLog(RocksFiles files, ReplicaNumbers numbers) {
        this.files = files;
        this.numbers = numbers;
    }

    /** Adds updates to a batch; the first one gets the next sequence. */
    void append(WriteBatch batch, long sequence, List<Update> updates, ReplicaNumbers.Listener listener)
            throws RocksDBException {
        LogBlock.Builder block = null;
        byte[] blockKey = LogKeys.sequence(sequence);
        for (int at = 0; at < updates.size(); at++) {
            if (block == null) {
                block = new LogBlock.Builder(numbers, listener);
                blockKey = LogKeys.sequence(sequence + at);
            }
            Dot dot = updates.get(at).dot();
            if (block.add(updates.get(at))) {
                int number = numbers.number(dot.replica(), listener);
                batch.put(files.index(), LogKeys.index(number, dot.counter()), blockKey);
            }
            if (block.isFull() || at == updates.size() - 1) {
                batch.put(files.log(), blockKey, block.row());
                block = null;
            }
        }
    }

    /** Returns an update; null if the log does not hold it. */
    @Nullable
    Update update(Dot dot) throws RocksDBException {
        List<Update> found = updatesOf(dot.replica(), dot.counter() - 1, 1);
        return found.isEmpty() || !found.getFirst().dot().equals(dot) ? null : found.getFirst();
    }

    /** As {@link Storage#updatesOf}. */
    List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) throws RocksDBException {
        Gathered gathered = new Gathered(files.largeRows(), Integer.MAX_VALUE, bytesMax);
        int number = numbers.find(origin);
        if (number >= 0) {
            try (Slice end = new Slice(LogKeys.index(number + 1, 0));
                    ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                    RocksIterator index = files.db().newIterator(files.index(), options)) {
                seekBlockOf(index, number, afterCounter + 1);
                boolean more = true;
                for (; more && index.isValid(); index.next()) {
                    byte[] key = index.value();
                    more = gathered.read(
                            () -> files.db().get(files.log(), key, NOTHING),
                            () -> block(key)
                                    .forEach(
                                            number,
                                            (at, update) ->
                                                    update.dot().counter() <= afterCounter || gathered.take(update)));
                }
                index.status();
            }
        }
        return gathered.updates;
    }

    /** As {@link Storage#eachNaming}. */
    void eachNaming(ReplicaId origin, long afterCounter, byte[] text, Consumer<Update> reader) throws RocksDBException {
        int number = numbers.find(origin);
        if (number < 0) {
            return;
        }
        try (Slice end = new Slice(LogKeys.index(number + 1, 0));
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator index = files.db().newIterator(files.index(), options)) {
            seekBlockOf(index, number, afterCounter + 1);
            for (; index.isValid(); index.next()) {
                byte[] row = row(index.value());
                if (contains(row, text)) {
                    LogBlock.of(row, numbers).forEach(number, (at, update) -> {
                        if (update.dot().counter() > afterCounter) {
                            reader.accept(update);
                        }
                        return true;
                    });
                }
            }
            index.status();
        }
    }

    /** Keys and values are stored in a row verbatim. */
    private static boolean contains(byte[] row, byte[] text) {
        for (int at = 0; at <= row.length - text.length; at++) {
            if (row[at] == text[0] && Arrays.equals(row, at, at + text.length, text, 0, text.length)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link Storage#deliveries}. */
    List<Update> deliveries(long fromSequence, int countMax, long bytesMax) throws RocksDBException {
        try (RocksIterator log = files.db().newIterator(files.log())) {
            log.seekForPrev(LogKeys.sequence(fromSequence));
            Gathered gathered = new Gathered(files.largeRows(), countMax, bytesMax);
            boolean more = countMax > 0;
            for (; more && log.isValid(); log.next()) {
                long first = LogKeys.sequence(log.key());
                more = gathered.read(
                        () -> log.value(NOTHING),
                        () -> LogBlock.of(log.value(), numbers)
                                .forEach(-1, (at, update) -> first + at < fromSequence || gathered.take(update)));
            }
            log.status();
            return gathered.updates;
        }
    }

    /** As {@link Storage#sequenceOf}. */
    long sequenceOf(Dot dot) throws RocksDBException {
        int number = numbers.find(dot.replica());
        if (number < 0) {
            return -1;
        }
        try (RocksIterator index = files.db().newIterator(files.index())) {
            seekBlockOf(index, number, dot.counter());
            index.status();
            if (!index.isValid() || LogKeys.replicaNumber(index.key()) != number) {
                return -1;
            }
            int at = block(index.value()).find(number, dot.counter());
            return at < 0 ? -1 : LogKeys.sequence(index.value()) + at;
        }
    }

    /** Seeks the index row of an update's block if the log holds the update; otherwise a nearby row, or none. */
    private static void seekBlockOf(RocksIterator index, int number, long counter) {
        index.seekForPrev(LogKeys.index(number, counter));
        if (!index.isValid() || LogKeys.replicaNumber(index.key()) != number) {
            index.seek(LogKeys.index(number, counter));
        }
    }

    private LogBlock block(byte[] key) throws RocksDBException {
        return LogBlock.of(row(key), numbers);
    }

    private byte[] row(byte[] key) throws RocksDBException {
        byte[] row = files.db().get(files.log(), key);
        if (row == null) {
            throw new StorageException("log: no updates at " + LogKeys.sequence(key)
                    + " although the index names them (expected: written in one batch)");
        }
        return row;
    }

    /** A read of the files. */
    @FunctionalInterface
    private interface Read<T> {
        T run() throws RocksDBException;
    }

    /**
     * Collects updates until a limit is reached, or there is no memory for more. Reads for a {@link LargeRows.Buyer}
     * are claimed: a large row before it is read, otherwise the updates that are kept.
     */
    private static final class Gathered {
        private final LargeRows largeRows;
        private final List<Update> updates = new ArrayList<>();
        private final int countMax;
        private final long bytesMax;
        private long bytes;
        private boolean claimed;

        Gathered(LargeRows largeRows, int countMax, long bytesMax) {
            this.largeRows = largeRows;
            this.countMax = countMax;
            this.bytesMax = bytesMax;
        }

        /**
         * Reads one row of updates.
         *
         * @param size returns the row's size, without reading it
         * @param row collects the row's updates; returns whether there is room for more
         * @return whether there is room for more
         * @throws NoRoomException if there is no memory for the first update
         */
        @SuppressWarnings("try") // The turn is held, not used.
        boolean read(Read<Integer> size, Read<Boolean> row) throws RocksDBException {
            int rowBytes = LargeRows.BUYER.isBound() ? size.run() : 0;
            claimed = rowBytes > ROW_BYTES_UNCLAIMED_MAX;
            try (LargeRows.@Nullable Turn turn = claimed ? largeRows.turnOf(rowBytes) : null) {
                return row.run();
            } catch (NoRoomException noRoom) {
                if (updates.isEmpty()) {
                    throw noRoom;
                }
                return false;
            }
        }

        /** Whether there is room for more. */
        boolean take(Update update) {
            long cost = update.sizeBytes() + UPDATE_OVERHEAD_BYTES;
            if (!claimed && LargeRows.BUYER.isBound()) {
                LargeRows.BUYER.get().claim(cost);
            }
            updates.add(update);
            bytes += cost;
            return updates.size() < countMax && bytes < bytesMax;
        }
    }
}
