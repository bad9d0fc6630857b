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
 * The update log in RocksDB: all updates in the order of delivery, found by their place or by their dot.
 *
 * <p>Updates that are committed together share rows, {@link LogBlock}s, each under the place of its first one. For
 * every origin that a block has updates of, the index has a row: the first of these leads to the block. Each origin's
 * updates stand in the order of their counters, so what leads to an update's block is the last row of its origin that
 * is not beyond it. Under load a write adds a fraction of a row; row by row, log and index would be two of the three
 * rows that a write of a string makes.
 *
 * <p>Thread-safe while the files are open, which its callers see to; one thread appends.
 */
final class UpdateLog {

    /** What an update in memory costs beside its keys and values, roughly: many small ones are bounded as well. */
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

    /** Adds updates to a batch, the first at a place that is the next. */
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

    /** An update; null if the log does not hold it. */
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

    /** Keys and values stand in a row as they are. */
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

    /** Goes to the row that leads to an update's block if the log has it; else to one nearby, or to none. */
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

    /** Reads something of the files. */
    @FunctionalInterface
    private interface Read<T> {
        T run() throws RocksDBException;
    }

    /**
     * Takes updates until there are enough, or there is no memory for more. What a {@link LargeRows.Buyer} reads is
     * claimed: a large row before it is read, of others the updates that are kept.
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
         * Reads one row.
         *
         * @param size asks how large it is, without reading it
         * @param row has its updates taken; whether there is room for more
         * @return whether there is room for more
         * @throws NoRoomException if there is no memory for the first update
         */
        @SuppressWarnings("try") // A turn is only had.
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
