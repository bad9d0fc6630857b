package dev.hence.core.type;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Cell;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Decimals;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes: fields with values, each of which behaves like a string key of its own.
 *
 * <p>A key that is absent or expired is a hash without fields, and a hash that has lost its last field is an
 * absent key. All functions throw {@link WrongTypeException} for a key that shows another type.
 */
public final class Hashes {
    private Hashes() {}

    /**
     * A field and what readers see in it.
     *
     * @param name any bytes
     * @param value any bytes, increments included
     */
    public record Field(Bytes name, Bytes value) {}

    /** Assigns values to fields; how many of these were not there before. */
    public static long put(Transaction transaction, Bytes key, SequencedMap<Bytes, Bytes> values) {
        boolean empty = Keys.prepare(transaction, key, DataType.HASH).type() == null;
        long added = 0;
        for (Bytes field : values.keySet()) {
            added += empty || cell(transaction, key, field).isEmpty() ? 1 : 0;
        }
        for (Map.Entry<Bytes, Bytes> entry : values.entrySet()) {
            transaction.assign(key, DataType.HASH, entry.getKey(), entry.getValue());
        }
        return added;
    }

    /** Assigns a value to a field unless it is there; whether it was not. */
    public static boolean putIfAbsent(Transaction transaction, Bytes key, Bytes field, Bytes value) {
        if (exists(transaction, key, field)) {
            return false;
        }
        Keys.prepare(transaction, key, DataType.HASH);
        transaction.assign(key, DataType.HASH, field, value);
        return true;
    }

    /** Removes fields; how many of them were there. Repetitions count once. */
    public static long remove(Transaction transaction, Bytes key, List<Bytes> fields) {
        if (size(transaction, key) == 0) {
            return 0;
        }
        Set<Bytes> present = new LinkedHashSet<>();
        for (Bytes field : fields) {
            if (!cell(transaction, key, field).isEmpty()) {
                present.add(field);
            }
        }
        if (!present.isEmpty()) {
            Keys.remove(transaction, key, DataType.HASH, present);
        }
        return present.size();
    }

    /** The value of a field; null if it is absent. */
    public static @Nullable Bytes get(View view, Bytes key, Bytes field) {
        return size(view, key) == 0 ? null : cell(view, key, field).value();
    }

    /** The value of each field, null for those that are absent; in the order given. */
    public static List<@Nullable Bytes> get(View view, Bytes key, List<Bytes> fields) {
        boolean empty = size(view, key) == 0;
        List<@Nullable Bytes> values = new ArrayList<>(fields.size());
        for (Bytes field : fields) {
            values.add(empty ? null : cell(view, key, field).value());
        }
        return values;
    }

    /** Whether a field is there. */
    public static boolean exists(View view, Bytes key, Bytes field) {
        return size(view, key) > 0 && !cell(view, key, field).isEmpty();
    }

    /** The number of bytes of a field's value; 0 if it is absent. */
    public static int valueLength(View view, Bytes key, Bytes field) {
        Bytes value = get(view, key, field);
        return value == null ? 0 : value.length();
    }

    /** The number of fields. */
    public static long size(View view, Bytes key) {
        return Keys.require(view, key, DataType.HASH).collection(DataType.HASH).count();
    }

    /** Shows all fields and their values, in the order of the fields' hashes. */
    public static void forEach(View view, Bytes key, BiConsumer<Bytes, Bytes> consumer) {
        if (size(view, key) > 0) {
            HashedRows.walk(view, key, DataType.HASH, (field, cell) -> {
                consumer.accept(field, shown(cell));
                return true;
            });
        }
    }

    /**
     * Shows some more fields.
     *
     * @param cursor 0 to begin, then what the last call returned; any other number shows some fields too
     * @param countMin how many to show, at least 1; a few more if their hashes are equal, fewer only at the end
     * @return the cursor to go on with; 0 if that was all
     */
    public static long scan(View view, Bytes key, long cursor, long countMin, BiConsumer<Bytes, Bytes> consumer) {
        if (size(view, key) == 0) {
            return 0;
        }
        return HashedRows.scan(
                view, key, DataType.HASH, cursor, countMin, (field, cell) -> consumer.accept(field, shown(cell)));
    }

    /**
     * Different fields at random; all of them if there are no more.
     *
     * @param random gives 64 random bits at a time
     */
    public static List<Field> randomFields(View view, Bytes key, long count, LongSupplier random) {
        return fields(HashedRows.distinct(view, key, DataType.HASH, size(view, key), count, random));
    }

    /**
     * Fields at random, the same ones possibly several times; none if the hash is empty.
     *
     * @param random gives 64 random bits at a time
     */
    public static List<Field> randomFieldsRepeated(View view, Bytes key, long count, LongSupplier random) {
        return fields(HashedRows.repeated(view, key, DataType.HASH, size(view, key), count, random));
    }

    private static List<Field> fields(List<HashedRows.Entry> entries) {
        return entries.stream()
                .map(entry -> new Field(entry.element(), shown(entry.cell())))
                .toList();
    }

    /**
     * Adds to the whole number in a field, that of an absent field being 0; the number as it then shows.
     *
     * @throws NotANumberException if there is no whole number, or the result would not fit into 64 bits
     */
    public static long increment(Transaction transaction, Bytes key, Bytes field, long delta) {
        Cell before = size(transaction, key) == 0 ? Cell.EMPTY : cell(transaction, key, field);
        Bytes value = before.value();
        OptionalLong whole = value == null ? OptionalLong.of(0) : Decimals.parseLong(value);
        if (whole.isEmpty()) {
            throw notANumber(NotANumberException.Reason.NOT_AN_INTEGER, field, "a whole number of 64 bits");
        }
        long shown = whole.getAsLong();
        if (delta >= 0 ? shown > Long.MAX_VALUE - delta : shown < Long.MIN_VALUE - delta) {
            throw notANumber(NotANumberException.Reason.OVERFLOW, field, "a sum of 64 bits");
        }
        // What shows is brought into 64 bits; what concurrent increments come to may be beyond.
        return Decimals.clamp(add(transaction, key, field, before, BigDecimal.valueOf(delta)));
    }

    /**
     * Adds exactly to the decimal number in a field, that of an absent field being 0; the number as it then shows.
     *
     * @throws NotANumberException if there is no number, or the result could not be shown exactly
     */
    public static Bytes incrementByDecimal(Transaction transaction, Bytes key, Bytes field, BigDecimal delta) {
        Cell before = size(transaction, key) == 0 ? Cell.EMPTY : cell(transaction, key, field);
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
        Keys.prepare(transaction, key, DataType.HASH);
        transaction.increment(key, DataType.HASH, field, delta);
        return Objects.requireNonNull(before.number()).add(delta);
    }

    private static NotANumberException notANumber(NotANumberException.Reason reason, Bytes field, String expected) {
        return new NotANumberException(reason, "value of field \"" + field + "\" (expected: " + expected + ")");
    }

    /** Whatever a cell that is there shows. */
    private static Bytes shown(Cell cell) {
        return Objects.requireNonNull(cell.value());
    }

    /** The cell of a field of a key that shows. */
    private static Cell cell(View view, Bytes key, Bytes field) {
        return view.element(key, DataType.HASH, field);
    }
}
