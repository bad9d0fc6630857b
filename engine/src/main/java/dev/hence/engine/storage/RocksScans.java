package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.storage.Storage.Due;
import dev.hence.engine.storage.Storage.Row;
import dev.hence.engine.storage.Storage.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Walks over the keys in the database, in the order of their names or of their deadlines.
 *
 * <p>Thread-safe while the files are open, which the callers ensure.
 */
final class RocksScans {

    private final RocksFiles files;
    private final ReplicaNumbers numbers;

    RocksScans(RocksFiles files, ReplicaNumbers numbers) {
        this.files = files;
        this.numbers = numbers;
    }

    /**
     * As {@link Storage#scan}.
     *
     * @param snapshot what is read
     * @param position of the snapshot
     */
    Scan heads(
            org.rocksdb.Snapshot snapshot, long position, Bytes prefix, @Nullable Bytes after, int limit, long bytesMax)
            throws RocksDBException {
        byte[] start = RowKeys.prefix(prefix);
        try (ReadOptions options = new ReadOptions().setSnapshot(snapshot);
                RocksIterator rows = files.db().newIterator(files.state(), options)) {
            rows.seek(after == null || after.compareTo(prefix) < 0 ? start : RowKeys.after(after));
            List<Row> found = new ArrayList<>();
            long bytes = 0;
            boolean more = false;
            for (; rows.isValid(); rows.next()) {
                Bytes key = RowKeys.key(rows.key());
                if (!key.startsWith(prefix)) {
                    break;
                }
                if (found.size() == limit || bytes >= bytesMax) {
                    more = true;
                    break;
                }
                byte[] value = rows.value();
                found.add(new Row(key, RocksState.decodedHead(value, numbers)));
                bytes += key.length() + value.length;
            }
            rows.status();
            return new Scan(found, more, position);
        }
    }

    /** As {@link Storage#due}. */
    List<Due> due(@Nullable Due after, long throughMillis, int limit) throws RocksDBException {
        List<Due> found = new ArrayList<>();
        try (Slice end = new Slice(RowKeys.afterDeadline(throughMillis));
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator rows = files.db().newIterator(files.deadlines(), options)) {
            // One byte longer than its row, and so the first key that may follow it.
            byte[] start = after == null ? new byte[0] : RowKeys.deadline(after.millis(), after.key());
            for (rows.seek(after == null ? start : Arrays.copyOf(start, start.length + 1));
                    rows.isValid() && found.size() < limit;
                    rows.next()) {
                byte[] row = rows.key();
                found.add(new Due(RowKeys.deadlineMillisOf(row), RowKeys.deadlineKeyOf(row)));
            }
            rows.status();
        }
        return found;
    }
}
