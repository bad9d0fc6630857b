package dev.hence.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.datatype.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of keys, tried on every key of up to four bytes that escaping, terminating and signs could trip over. */
final class RowKeysTest {

    private static final byte[] ALPHABET = {0x00, 0x01, 0x02, 0x7F, (byte) 0x80, (byte) 0xFF};

    private static final List<Bytes> KEYS = keys();

    private static List<Bytes> keys() {
        List<Bytes> keys = new ArrayList<>(List.of(Bytes.EMPTY));
        for (int from = 0; keys.getLast().length() < 4; ) {
            Bytes shorter = keys.get(from++);
            for (byte next : ALPHABET) {
                byte[] longer = Arrays.copyOf(shorter.array(), shorter.length() + 1);
                longer[shorter.length()] = next;
                keys.add(Bytes.wrap(longer));
            }
        }
        return keys;
    }

    @Test
    void key_ofItsRow_isTheKey() {
        assertThat(KEYS)
                .allSatisfy(key -> assertThat(RowKeys.key(RowKeys.string(key))).isEqualTo(key));
    }

    @Test
    void rows_compared_areOrderedAsTheirKeys() {
        assertForAllPairs((a, b) -> Integer.signum(Arrays.compareUnsigned(RowKeys.string(a), RowKeys.string(b)))
                == Integer.signum(a.compareTo(b)));
    }

    @Test
    void after_aKey_liesBehindAllItsRowsAndBeforeThoseOfEveryGreaterKey() {
        assertForAllPairs((a, b) -> b.compareTo(a) > 0
                ? Arrays.compareUnsigned(RowKeys.after(a), RowKeys.string(b)) < 0
                : Arrays.compareUnsigned(RowKeys.after(a), RowKeys.string(b)) > 0);
        assertThat(KEYS).allMatch(key -> Arrays.compareUnsigned(RowKeys.after(key), lastConceivableRow(key)) > 0);
    }

    @Test
    void prefix_ofKeys_beginsTheirRowsAndNoOthers() {
        assertForAllPairs((prefix, key) -> key.startsWith(prefix)
                == Bytes.wrap(RowKeys.string(key)).startsWith(Bytes.wrap(RowKeys.prefix(prefix))));
    }

    private static byte[] lastConceivableRow(Bytes key) {
        byte[] row = RowKeys.string(key);
        byte[] last = Arrays.copyOf(row, row.length + 8);
        Arrays.fill(last, row.length - 1, last.length, (byte) 0xFF);
        return last;
    }

    private interface Relation {
        boolean holds(Bytes a, Bytes b);
    }

    private static void assertForAllPairs(Relation relation) {
        for (Bytes a : KEYS) {
            for (Bytes b : KEYS) {
                if (!relation.holds(a, b)) {
                    throw new AssertionError(
                            "does not hold for " + Arrays.toString(a.array()) + " and " + Arrays.toString(b.array()));
                }
            }
        }
    }
}
