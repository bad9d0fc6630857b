package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes: fields with values, each of which behaves like a string key of its own.
 *
 * <p>An absent or expired key is a hash without fields, and a hash that has lost its last field is an absent key. All
 * methods throw {@link WrongTypeException} for a key of another type.
 */
public final class Hashes {
    private Hashes() {}

    /** Assigns values to fields; returns the number of new fields. */
    public static long put(Transaction transaction, Bytes key, SequencedMap<Bytes, Bytes> values) {
        HashedRows before = HashedRows.prepared(transaction, key, DataType.HASH);
        long added = 0;
        for (Bytes field : values.keySet()) {
            added += before.has(field) ? 0 : 1;
        }
        values.forEach((field, value) -> transaction.assign(key, DataType.HASH, field, value));
        return added;
    }

    /** Assigns a value to a field if it is absent; returns whether it was. */
    public static boolean putIfAbsent(Transaction transaction, Bytes key, Bytes field, Bytes value) {
        boolean absent = !HashedRows.prepared(transaction, key, DataType.HASH).has(field);
        if (absent) {
            transaction.assign(key, DataType.HASH, field, value);
        }
        return absent;
    }

    /** Removes fields; returns how many were present. Repetitions count once. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> fields) {
        HashedRows before = rows(transaction, key);
        Set<Bytes> present = new LinkedHashSet<>(fields);
        present.removeIf(field -> !before.has(field));
        if (!present.isEmpty()) {
            Keys.remove(transaction, key, DataType.HASH, present);
        }
        return present.size();
    }

    /** Returns the value of a field; null if it is absent. */
    public static @Nullable Bytes get(View view, Bytes key, Bytes field) {
        return rows(view, key).cell(field).value();
    }

    /** Returns the value of each field, in the given order; null for absent ones. */
    public static void get(View view, Bytes key, List<Bytes> fields, Consumer<@Nullable Bytes> values) {
        HashedRows rows = rows(view, key);
        for (Bytes field : fields) {
            values.accept(rows.cell(field).value());
        }
    }

    /** Whether a field is present. */
    public static boolean exists(View view, Bytes key, Bytes field) {
        return rows(view, key).has(field);
    }

    /** The size in bytes of a field's value; 0 if it is absent. */
    public static int valueLength(View view, Bytes key, Bytes field) {
        Bytes value = get(view, key, field);
        return value == null ? 0 : value.length();
    }

    /** The number of fields. */
    public static long size(View view, Bytes key) {
        return rows(view, key).size();
    }

    /** Visits all fields and their values, in the order of the fields' hashes. */
    public static void forEach(View view, Bytes key, BiConsumer<Bytes, Bytes> consumer) {
        rows(view, key).forEach((field, cell) -> consumer.accept(field, shown(cell)));
    }

    /**
     * Continues a scan.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number is a valid place as well
     * @param countMin the minimum number of fields to return, at least 1; a few more if their hashes are equal, fewer
     *     only at the end
     * @return the cursor to continue with; 0 at the end
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, BiConsumer<Bytes, Bytes> consumer) {
        return rows(view, key).scan(cursor, countMin, (field, cell) -> consumer.accept(field, shown(cell)));
    }

    /**
     * Visits different random fields; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomFields(
            View view, Bytes key, long count, LongSupplier random, BiConsumer<Bytes, Bytes> consumer) {
        rows(view, key).distinct(count, random, entry -> consumer.accept(entry.element(), shown(entry.cell())));
    }

    /**
     * Visits random fields, possibly with repetitions; none if the hash is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static void randomFieldsRepeated(
            View view, Bytes key, long count, LongSupplier random, BiConsumer<Bytes, Bytes> consumer) {
        rows(view, key).repeated(count, random, entry -> consumer.accept(entry.element(), shown(entry.cell())));
    }

    /**
     * Increments the integer value of a field, 0 if absent; returns the new visible value.
     *
     * @throws NotANumberException if the value is not an integer, or the result does not fit into 64 bits
     */
    public static long increment(Transaction transaction, Bytes key, Bytes field, long delta) {
        Cell before = rows(transaction, key).cell(field);
        Bytes value = before.value();
        OptionalLong whole = value == null ? OptionalLong.of(0) : Decimals.parseLong(value);
        if (whole.isEmpty()) {
            throw notANumber(NotANumberException.Reason.NOT_AN_INTEGER, field, "a 64-bit integer");
        }
        long shown = whole.getAsLong();
        if (delta >= 0 ? shown > Long.MAX_VALUE - delta : shown < Long.MIN_VALUE - delta) {
            throw notANumber(NotANumberException.Reason.OVERFLOW, field, "a sum in the 64-bit range");
        }
        // The visible value is clamped to 64 bits; the sum of concurrent increments may be larger.
        return Decimals.clamp(add(transaction, key, field, before, BigDecimal.valueOf(delta)));
    }

    /**
     * Increments the decimal value of a field exactly, 0 if absent; returns the new visible value.
     *
     * @throws NotANumberException if the value is not a number, or the result cannot be represented exactly
     */
    public static Bytes incrementByDecimal(Transaction transaction, Bytes key, Bytes field, BigDecimal delta) {
        Cell before = rows(transaction, key).cell(field);
        BigDecimal number = before.number();
        if (number == null) {
            throw notANumber(NotANumberException.Reason.NOT_A_FLOAT, field, "a number");
        }
        BigDecimal sum = number.add(delta);
        Bytes after = Decimals.format(sum);
        BigDecimal shown = Decimals.parse(after);
        if (shown == null || shown.compareTo(sum) != 0) {
            throw notANumber(NotANumberException.Reason.NOT_A_NUMBER, field, "a sum whose digits can be shown");
        }
        add(transaction, key, field, before, delta);
        return after;
    }

    private static BigDecimal add(Transaction transaction, Bytes key, Bytes field, Cell before, BigDecimal delta) {
        Keys.forWrite(transaction, key, DataType.HASH);
        transaction.increment(key, DataType.HASH, field, delta);
        return Objects.requireNonNull(before.number()).add(delta);
    }

    private static NotANumberException notANumber(NotANumberException.Reason reason, Bytes field, String expected) {
        return new NotANumberException(reason, "value of field \"" + field + "\" (expected: " + expected + ")");
    }

    /** Returns the visible value of a present cell. */
    private static Bytes shown(Cell cell) {
        return Objects.requireNonNull(cell.value());
    }

    private static HashedRows rows(View view, Bytes key) {
        return HashedRows.of(view, key, DataType.HASH);
    }
}
