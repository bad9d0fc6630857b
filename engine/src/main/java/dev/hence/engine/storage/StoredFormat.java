package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.engine.wire.IdentityRecord;
import dev.hence.engine.wire.LogBlockRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * The format of a database's content, determined without changing it. The identity names it; before that, format 1 had
 * fewer column families, and format 2 had one update per log row instead of a block.
 */
final class StoredFormat {

    private StoredFormat() {}

    /** @throws StorageException if the database cannot be read */
    static int of(Path database) {
        RocksFiles.loadLibrary(database);
        try {
            Set<String> families = families(database);
            if (!families.equals(new HashSet<>(RocksFiles.FAMILIES))) {
                return RocksFiles.FAMILIES.containsAll(families) ? 1 : DirectoryFormat.CURRENT + 1;
            }
            try (RocksFiles files = RocksFiles.openReadOnly(database)) {
                byte[] identity = files.db().get(files.meta(), MetaRows.IDENTITY);
                int noted = identity == null
                        ? 0
                        : IdentityRecord.parseFrom(identity).getFormat();
                return noted != 0 ? noted : ofLog(files);
            }
        } catch (RocksDBException failed) {
            throw RocksFiles.cannotOpen(database, failed);
        } catch (InvalidProtocolBufferException damaged) {
            throw new StorageException(
                    "data directory: " + database + ": the identity cannot be read: " + damaged.getMessage(), damaged);
        }
    }

    private static Set<String> families(Path database) throws RocksDBException {
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, database.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .collect(Collectors.toSet());
        }
    }

    /** An update parsed as a block is an empty block. Without any update the two formats are the same. */
    private static int ofLog(RocksFiles files) throws RocksDBException, InvalidProtocolBufferException {
        byte[] first = firstRow(files);
        return first == null || LogBlockRecord.parseFrom(first).getUpdatesCount() > 0 ? 3 : 2;
    }

    private static byte @Nullable [] firstRow(RocksFiles files) throws RocksDBException {
        try (RocksIterator rows = files.db().newIterator(files.log())) {
            rows.seekToFirst();
            rows.status();
            return rows.isValid() ? rows.value() : null;
        }
    }
}
