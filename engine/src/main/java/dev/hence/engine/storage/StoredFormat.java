package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.engine.wire.IdentityRecord;
import dev.hence.engine.wire.LogBlockRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
            Set<String> families = new HashSet<>(RocksFiles.existingFamilies(database));
            if (families.equals(new HashSet<>(RocksFiles.FAMILIES))) {
                return DirectoryFormat.CURRENT;
            }
            if (!families.equals(new HashSet<>(RocksFiles.LEGACY_FAMILIES))) {
                return RocksFiles.LEGACY_FAMILIES.containsAll(families) ? 1 : DirectoryFormat.CURRENT + 1;
            }
            if (Files.exists(database.resolveSibling("IDENTITY"))) {
                return DirectoryFormat.CURRENT;
            }
            try (RocksFiles files = RocksFiles.openReadOnly(database, RocksFiles.LEGACY_FAMILIES)) {
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
