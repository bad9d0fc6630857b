package dev.hence.engine.storage;

import dev.hence.core.update.Update;
import dev.hence.engine.codec.ReplicaNumbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The log of updates in a database of format 3 or 4: blocks of consecutive updates as rows, read to convert them. */
final class LegacyLog {

    private final RocksFiles files;
    private final ReplicaNumbers numbers;

    LegacyLog(RocksFiles files, ReplicaNumbers numbers) {
        this.files = files;
        this.numbers = numbers;
    }

    /** Receives the updates of a block. */
    @FunctionalInterface
    interface Reader {
        void read(List<Update> updates) throws IOException;
    }

    /**
     * Passes on all updates in delivery order, a block at a time.
     *
     * @throws StorageException if a row is damaged
     */
    void forEachBlock(Reader reader) throws RocksDBException, IOException {
        try (RocksIterator rows = files.db().newIterator(files.log())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                List<Update> updates = new ArrayList<>();
                LogBlock.of(rows.value(), numbers).forEach(updates::add);
                reader.read(updates);
            }
            rows.status();
        }
    }
}
