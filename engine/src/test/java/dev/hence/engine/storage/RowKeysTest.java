package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.RowKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of keys, tested on every key of up to four bytes that is critical for escaping, terminators and signs. */
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
                .allSatisfy(key -> assertThat(RowKeys.key(RowKeys.head(key))).isEqualTo(key));
    }

    @Test
    void rows_compared_areOrderedAsTheirKeys() {
        assertForAllPairs((a, b) -> Integer.signum(Arrays.compareUnsigned(RowKeys.head(a), RowKeys.head(b)))
                == Integer.signum(a.compareTo(b)));
    }

    @Test
    void after_aKey_liesBehindAllItsRowsAndBeforeThoseOfEveryGreaterKey() {
        assertForAllPairs((a, b) -> b.compareTo(a) > 0
                ? Arrays.compareUnsigned(RowKeys.after(a), RowKeys.head(b)) < 0
                : Arrays.compareUnsigned(RowKeys.after(a), RowKeys.head(b)) > 0);
        assertThat(KEYS).allMatch(key -> Arrays.compareUnsigned(RowKeys.after(key), lastConceivableRow(key)) > 0);
    }

    @Test
    void prefix_ofKeys_beginsTheirRowsAndNoOthers() {
        assertForAllPairs((prefix, key) ->
                key.startsWith(prefix) == Bytes.wrap(RowKeys.head(key)).startsWith(Bytes.wrap(RowKeys.prefix(prefix))));
    }

    private static byte[] lastConceivableRow(Bytes key) {
        byte[] row = RowKeys.head(key);
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

    @Test
    void elements_ofOneKeyAndKind_lieTogetherAndApartFromAllOthers() {
        for (RowKind kind : RowKind.values()) {
            assertForAllPairs((a, b) -> {
                byte[] first = RowKeys.element(a, kind, Bytes.EMPTY);
                byte[] last = RowKeys.element(a, kind, Bytes.wrap(new byte[] {-1, -1, -1, -1, -1, -1}));
                byte[] after = RowKeys.afterElements(a, kind);
                boolean inside = Arrays.compareUnsigned(first, last) < 0 && Arrays.compareUnsigned(last, after) < 0;
                for (RowKind other : RowKind.values()) {
                    byte[] row = RowKeys.element(b, other, b);
                    boolean within = Arrays.compareUnsigned(first, row) <= 0 && Arrays.compareUnsigned(row, after) < 0;
                    inside &= within == (a.equals(b) && kind == other);
                }
                return inside;
            });
        }
    }

    @Test
    void element_ofItsRow_isTheElement() {
        Bytes key = Bytes.wrap(new byte[] {'k', 0, 0});
        int prefixLength = RowKeys.element(key, RowKind.FIELD, Bytes.EMPTY).length;
        assertThat(KEYS)
                .allSatisfy(name -> assertThat(
                                RowKeys.elementOf(RowKeys.element(key, RowKind.FIELD, name), prefixLength))
                        .isEqualTo(name));
    }

    @Test
    void deadlines_compared_areOrderedByTimeAndTellTimeAndKey() {
        assertThat(KEYS).allSatisfy(key -> {
            byte[] row = RowKeys.deadline(1_000, key);
            assertThat(RowKeys.deadlineMillisOf(row)).isEqualTo(1_000);
            assertThat(RowKeys.deadlineKeyOf(row)).isEqualTo(key);
            assertThat(Arrays.compareUnsigned(row, RowKeys.afterDeadline(1_000)))
                    .isNegative();
            assertThat(Arrays.compareUnsigned(row, RowKeys.afterDeadline(999))).isNotNegative();
            assertThat(Arrays.compareUnsigned(row, RowKeys.deadline(1L << 40, Bytes.EMPTY)))
                    .isNegative();
            assertThat(Arrays.compareUnsigned(row, RowKeys.deadline(-1, key))).isPositive();
        });
    }
}
