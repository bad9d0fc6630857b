package dev.hence.engine.storage;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.RowKind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of rows that belong to a key. Heads: database number (one byte, 0 for now), the key with its zero bytes
 * escaped, a terminator, a tag. Elements: the same with another tag for each kind, and the name of the row. Deadlines:
 * the time (8 bytes), database number, the key as it is.
 *
 * <p>A zero byte of the key becomes {@code 00 FF} and the end of the key is {@code 00 01}, so rows are ordered as the
 * keys are, a prefix before its extensions, and the elements of one key and kind are adjacent, in the order of their
 * names.
 */
final class RowKeys {

    private static final byte DATABASE = 0;
    private static final byte ESCAPE = 0;
    private static final byte ESCAPED_ZERO = (byte) 0xFF;
    private static final byte TERMINATOR = 1;
    private static final byte HEAD = 's';

    private RowKeys() {}

    /** Returns the row of a key's head. */
    static byte[] head(Bytes key) {
        return tagged(key, HEAD, Bytes.EMPTY);
    }

    /** Returns an element's row. */
    static byte[] element(Bytes key, RowKind kind, Bytes row) {
        return tagged(key, tag(kind), row);
    }

    /** Returns an upper bound: greater than all rows of one key and kind, and at most the next row after them. */
    static byte[] afterElements(Bytes key, RowKind kind) {
        return tagged(key, (byte) (tag(kind) + 1), Bytes.EMPTY);
    }

    /** Returns the name of an element's row. */
    static Bytes elementOf(byte[] row, int prefixLength) {
        return Bytes.wrap(Arrays.copyOfRange(row, prefixLength, row.length));
    }

    private static byte[] tagged(Bytes key, byte tag, Bytes name) {
        byte[] row = escaped(key, 3 + name.length());
        int at = row.length - name.length() - 3;
        row[at] = ESCAPE;
        row[at + 1] = TERMINATOR;
        row[at + 2] = tag;
        System.arraycopy(name.array(), 0, row, at + 3, name.length());
        return row;
    }

    private static byte tag(RowKind kind) {
        return switch (kind) {
            case FIELD -> 'f';
            case MEMBER -> 'm';
            case SCORE -> 'z';
            case RANK -> 'r';
            case ITEM -> 'l';
            case COUNTED -> 'c';
        };
    }

    /** Returns the deadline row of a key; times before 1970 are treated as 1970. */
    static byte[] deadline(long millis, Bytes key) {
        return ByteBuffer.allocate(Long.BYTES + 1 + key.length())
                .putLong(Math.max(0, millis))
                .put(DATABASE)
                .put(key.array())
                .array();
    }

    /** Returns where the rows of later deadlines begin. */
    static byte[] afterDeadline(long millis) {
        return ByteBuffer.allocate(Long.BYTES).putLong(Math.max(0, millis) + 1).array();
    }

    /** Returns the time of a deadline row. */
    static long deadlineMillisOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong();
    }

    /** Returns the key of a deadline row. */
    static Bytes deadlineKeyOf(byte[] row) {
        return Bytes.wrap(Arrays.copyOfRange(row, Long.BYTES + 1, row.length));
    }

    /** Returns the common beginning of the rows of all keys with a prefix. */
    static byte[] prefix(Bytes prefix) {
        return escaped(prefix, 0);
    }

    /** Returns a row greater than all rows of a key and smaller than those of every greater key. */
    static byte[] after(Bytes key) {
        byte[] row = escaped(key, 2);
        row[row.length - 2] = ESCAPE;
        row[row.length - 1] = TERMINATOR + 1;
        return row;
    }

    /** Returns the key that a row belongs to. */
    static Bytes key(byte[] row) {
        byte[] key = new byte[row.length];
        int length = 0;
        for (int i = 1; row[i] != ESCAPE || row[i + 1] == ESCAPED_ZERO; i++) {
            key[length++] = row[i];
            if (row[i] == ESCAPE) {
                i++;
            }
        }
        return Bytes.wrap(Arrays.copyOf(key, length));
    }

    private static byte[] escaped(Bytes key, int room) {
        byte[] bytes = key.array();
        int zeros = 0;
        for (byte b : bytes) {
            zeros += b == ESCAPE ? 1 : 0;
        }
        byte[] row = new byte[1 + bytes.length + zeros + room];
        row[0] = DATABASE;
        if (zeros == 0) {
            System.arraycopy(bytes, 0, row, 1, bytes.length);
        } else {
            escape(bytes, row);
        }
        return row;
    }

    private static void escape(byte[] key, byte[] row) {
        int at = 1;
        for (byte b : key) {
            row[at++] = b;
            if (b == ESCAPE) {
                row[at++] = ESCAPED_ZERO;
            }
        }
    }
}
