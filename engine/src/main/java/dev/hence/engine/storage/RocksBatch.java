package dev.hence.engine.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Changes of a database that are written in one atomic step. It is built as bytes, in RocksDB's own form of a batch, so
 * that one call crosses to native code and not one for each row:
 *
 * <pre>
 * sequence   8 bytes   set by RocksDB
 * count      4 bytes   little-endian
 * changes: a tag, the number of the column family, the name with its length, and the value with its length or the end
 *     of the range; numbers are unsigned LEB128
 * </pre>
 *
 * <p>It can be used again for the next changes, so that its memory is not new each time. RocksDB takes arrays as a whole, so
 * a note that means nothing fills the rest of one.
 *
 * <p>Not thread-safe.
 */
final class RocksBatch {

    private static final int COUNT_AT = 8;
    private static final int HEADER_BYTES = 12;

    // Kinds of changes of a column family, and of notes, in RocksDB's db/dbformat.h.
    private static final byte DELETION = 0x4;
    private static final byte VALUE = 0x5;
    private static final byte RANGE_DELETION = 0xE;
    private static final byte NOTE = 0x3;

    private static final int CHANGE_BYTES_MAX = 16;
    private static final byte[] NOTHING = {};

    /** The tag and the longest length of a note. */
    private static final int NOTE_BYTES_MIN = 1 + 5;

    /** What is kept for the next changes at most. */
    private static final int KEPT_BYTES_MAX = 24 << 20;

    private byte[] bytes;
    private int end = HEADER_BYTES;
    private int count;

    /** @param expectedBytes of names and values */
    RocksBatch(long expectedBytes) {
        this.bytes = new byte[(int) Math.min(Integer.MAX_VALUE - 8, HEADER_BYTES + expectedBytes)];
    }

    /** Forgets the changes. */
    void clear() {
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[HEADER_BYTES];
        }
        end = HEADER_BYTES;
        count = 0;
    }

    /** @param value null if the row is removed */
    void change(ColumnFamilyHandle family, byte[] name, byte @Nullable [] value) {
        if (value == null) {
            change(family, name, 0, name.length, NOTHING, 0, -1);
        } else {
            change(family, name, 0, name.length, value, 0, value.length);
        }
    }

    /** @param valueBytes negative if the row is removed */
    void change(
            ColumnFamilyHandle family,
            byte[] name,
            int nameFrom,
            int nameBytes,
            byte[] value,
            int valueFrom,
            int valueBytes) {
        if (valueBytes < 0) {
            begin(DELETION, family, nameBytes);
            part(name, nameFrom, nameBytes);
        } else {
            begin(VALUE, family, (long) nameBytes + valueBytes);
            part(name, nameFrom, nameBytes);
            part(value, valueFrom, valueBytes);
        }
    }

    /** Deletes the rows from one name on to another, exclusive. */
    void deleteRange(ColumnFamilyHandle family, byte[] from, byte[] to) {
        begin(RANGE_DELETION, family, (long) from.length + to.length);
        part(from, 0, from.length);
        part(to, 0, to.length);
    }

    private void begin(byte tag, ColumnFamilyHandle family, long partBytes) {
        ensure(end + CHANGE_BYTES_MAX + partBytes);
        bytes[end++] = tag;
        number(family.getID());
        count++;
    }

    private void part(byte[] from, int at, int length) {
        number(length);
        System.arraycopy(from, at, bytes, end, length);
        end += length;
    }

    private void number(int value) {
        int rest = value;
        while (rest >= 0x80) {
            bytes[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[end++] = (byte) rest;
    }

    private void ensure(long size) {
        if (size > bytes.length) {
            if (size > Integer.MAX_VALUE - 8) {
                throw new StorageException(
                        "storage: a batch of " + size + " bytes (expected: less than " + Integer.MAX_VALUE + ")");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(size, 2L * bytes.length)));
        }
    }

    void write(RocksDB db, WriteOptions options) throws RocksDBException {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[COUNT_AT + i] = (byte) (count >>> (8 * i));
        }
        try (WriteBatch batch = new WriteBatch(whole())) {
            db.write(options, batch);
        }
    }

    /** Returns an array of the changes and nothing else. */
    private byte[] whole() {
        int left = bytes.length - end;
        if (left < NOTE_BYTES_MIN || left > bytes.length / 2) {
            return left == 0 ? bytes : Arrays.copyOf(bytes, end);
        }
        // The length has always the same size: RocksDB reads leading zeros.
        bytes[end] = NOTE;
        int noteBytes = left - NOTE_BYTES_MIN;
        for (int i = 1; i < NOTE_BYTES_MIN; i++) {
            bytes[end + i] = (byte) ((noteBytes & 0x7F) | (i + 1 < NOTE_BYTES_MIN ? 0x80 : 0));
            noteBytes >>>= 7;
        }
        return bytes;
    }
}
