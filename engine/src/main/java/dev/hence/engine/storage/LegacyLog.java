package dev.hence.engine.storage;

import dev.hence.core.update.Update;
import dev.hence.engine.codec.ReplicaNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /**
     * Passes on all updates in delivery order, a block at a time.
     *
     * @throws StorageException if a row is damaged
     */
    void forEachBlock(Consumer<List<Update>> reader) throws RocksDBException {
        try (RocksIterator rows = files.db().newIterator(files.log())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                List<Update> updates = new ArrayList<>();
                LogBlock.of(rows.value(), numbers).forEach(updates::add);
                reader.accept(updates);
            }
            rows.status();
        }
    }
}
