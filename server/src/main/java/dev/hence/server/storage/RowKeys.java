package dev.hence.server.storage;

import dev.hence.core.datatype.Bytes;
import java.util.Arrays;

/**
 * The keys of state rows: database number (one byte, 0 for now), the key with its zero bytes escaped, a
 * terminator, a type tag.
 *
 * <p>A zero byte of the key becomes {@code 00 FF} and the end of the key is {@code 00 01}, so rows are
 * ordered as the keys are, a prefix before what it begins, and rows that belong to one key - more than one
 * for types other than strings - stand together.
 */
final class RowKeys {

    private static final byte DATABASE = 0;
    private static final byte ESCAPE = 0;
    private static final byte ESCAPED_ZERO = (byte) 0xFF;
    private static final byte TERMINATOR = 1;
    private static final byte STRING = 's';

    private RowKeys() {}

    /** The row of a string key. */
    static byte[] string(Bytes key) {
        byte[] row = escaped(key, 3);
        row[row.length - 3] = ESCAPE;
        row[row.length - 2] = TERMINATOR;
        row[row.length - 1] = STRING;
        return row;
    }

    /** What the rows of all keys with a prefix begin with. */
    static byte[] prefix(Bytes prefix) {
        return escaped(prefix, 0);
    }

    /** A row greater than all rows of a key and smaller than those of every greater key. */
    static byte[] after(Bytes key) {
        byte[] row = escaped(key, 2);
        row[row.length - 2] = ESCAPE;
        row[row.length - 1] = TERMINATOR + 1;
        return row;
    }

    /** The key that a row belongs to. */
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
        int at = 1;
        for (byte b : bytes) {
            row[at++] = b;
            if (b == ESCAPE) {
                row[at++] = ESCAPED_ZERO;
            }
        }
        return row;
    }
}
