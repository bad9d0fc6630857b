package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Strings, including strings that hold a number and serve as counters.
 *
 * <p>An assignment replaces what it saw; of concurrent assignments the newest is visible. Concurrent increments all
 * count, also on top of a concurrent assignment. A change to a part of a string ({@link #append}, {@link #setRange})
 * assigns the whole result, so of concurrent changes only one is visible.
 */
public final class Strings {

    /** The maximum length of a string in Redis, in bytes. */
    public static final int LENGTH_MAX = 512 << 20;

    /** A condition on an assignment. */
    public enum Condition {
        /** No condition. */
        ALWAYS,
        /** The key does not exist. */
        ABSENT,
        /** The key exists, with any type. */
        PRESENT
    }

    private Strings() {}

    /**
     * The string under a key; null if the key is absent.
     *
     * @throws WrongTypeException if the key is of another type
     */
    public static @Nullable Bytes get(View view, Bytes key) {
        return Keys.forRead(view, key, DataType.STRING).value();
    }

    /** The string under a key; null if the key is absent or shows another type. */
    public static @Nullable Bytes getIfString(View view, Bytes key) {
        KeyHead shown = view.visible(key);
        return shown.type() == DataType.STRING ? shown.value() : null;
    }

    /**
     * The size in bytes of a string, 0 for an absent key.
     *
     * @throws WrongTypeException if the key is of another type
     */
    public static int length(View view, Bytes key) {
        Bytes value = get(view, key);
        return value == null ? 0 : value.length();
    }

    /**
     * Returns a part of a string, empty for an absent key. Negative offsets count from the end, -1 being the last byte;
     * offsets beyond the ends are clipped.
     *
     * @param first the first byte
     * @param last the last byte, inclusive
     * @throws WrongTypeException if the key is of another type
     */
    public static Bytes range(View view, Bytes key, long first, long last) {
        Bytes value = get(view, key);
        if (value == null || value.length() == 0 || (first < 0 && last < 0 && first > last)) {
            return Bytes.EMPTY;
        }
        int length = value.length();
        long from = Math.max(first < 0 ? length + first : first, 0);
        long to = Math.min(Math.max(last < 0 ? length + last : last, 0), length - 1);
        return from > to ? Bytes.EMPTY : Bytes.wrap(Arrays.copyOfRange(value.array(), (int) from, (int) to + 1));
    }

    /** Assigns a string to a key, replacing whatever it holds, and clears its deadline. */
    public static void set(Transaction transaction, Bytes key, Bytes value) {
        transaction.set(key, value);
    }

    /**
     * Assigns a string to a key, replacing whatever it holds, if a condition holds; returns whether it did. With a
     * deadline that has passed the key is removed.
     *
     * @param deadlineMillis milliseconds since 1970, {@link Deadlines#NONE} or {@link Deadlines#KEEP}
     */
    public static boolean set(
            Transaction transaction, Bytes key, Bytes value, Condition condition, long deadlineMillis) {
        boolean holds = switch (condition) {
            case ALWAYS -> true;
            case ABSENT -> !Keys.exists(transaction, key);
            case PRESENT -> Keys.exists(transaction, key);
        };
        if (!holds) {
            return false;
        }
        if (deadlineMillis == Deadlines.KEEP) {
            // A key that is not visible has no deadline to keep.
            transaction.set(key, value, Keys.exists(transaction, key) ? Deadlines.KEEP : Deadlines.NONE);
        } else if (deadlineMillis <= transaction.nowMillis()) {
            transaction.delete(key);
        } else {
            transaction.set(key, value, deadlineMillis);
        }
        return true;
    }

    /**
     * Assigns strings to keys as {@link #set(Transaction, Bytes, Bytes)} does, if none of them exists; returns whether
     * it did.
     */
    public static boolean setAllIfNoneExists(Transaction transaction, Map<Bytes, Bytes> values) {
        for (Bytes key : values.keySet()) {
            if (Keys.exists(transaction, key)) {
                return false;
            }
        }
        values.forEach((key, value) -> set(transaction, key, value));
        return true;
    }

    /**
     * Removes a key and returns its string; null if it is absent.
     *
     * @throws WrongTypeException if the key is of another type
     */
    public static @Nullable Bytes getAndDelete(Transaction transaction, Bytes key) {
        Bytes value = get(transaction, key);
        if (value != null) {
            transaction.delete(key);
        }
        return value;
    }

    /**
     * Returns the string under a key, null if it is absent, and sets the key's deadline.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     * @throws WrongTypeException if the key is of another type
     */
    public static @Nullable Bytes getAndExpire(Transaction transaction, Bytes key, long deadlineMillis) {
        Bytes value = get(transaction, key);
        if (deadlineMillis == Deadlines.NONE) {
            Keys.persist(transaction, key);
        } else {
            Keys.expire(transaction, key, deadlineMillis);
        }
        return value;
    }

    /**
     * Appends bytes to a string, empty for an absent key; returns its new length. The deadline is kept.
     *
     * @throws WrongTypeException if the key is of another type
     * @throws ValueTooLongException if the result would be longer than {@link #LENGTH_MAX}, a value or an update may be
     */
    public static int append(Transaction transaction, Bytes key, Bytes suffix) {
        Bytes before = get(transaction, key);
        if (before != null) {
            return setRange(transaction, key, before.length(), suffix);
        }
        set(transaction, key, suffix);
        return suffix.length();
    }

    /**
     * Overwrites bytes of a string from an offset on, empty for an absent key; returns its new length. A gap between
     * its end and the offset is filled with zeros. The deadline is kept.
     *
     * @param offset the offset of the first byte, at least 0
     * @throws WrongTypeException if the key is of another type
     * @throws ValueTooLongException if the result would be longer than {@link #LENGTH_MAX}, a value or an update may be
     */
    public static int setRange(Transaction transaction, Bytes key, long offset, Bytes part) {
        Bytes before = Objects.requireNonNullElse(get(transaction, key), Bytes.EMPTY);
        if (part.length() == 0) {
            return before.length();
        }
        long lengthMax = Math.min(
                LENGTH_MAX,
                Math.min(
                        transaction.valueBytesMax(), transaction.bytesMax() - Operation.OVERHEAD_BYTES - key.length()));
        if (offset > lengthMax - part.length()) {
            throw new ValueTooLongException(key, offset + part.length(), lengthMax);
        }
        int end = (int) offset + part.length();
        byte[] after = Arrays.copyOf(before.array(), Math.max(before.length(), end));
        System.arraycopy(part.array(), 0, after, (int) offset, part.length());
        set(transaction, key, Bytes.wrap(after), Condition.ALWAYS, Deadlines.KEEP);
        return after.length;
    }

    /**
     * Increments the integer value of a string, 0 for an absent key; returns the new visible value. The deadline is
     * kept.
     *
     * @throws WrongTypeException if the key is of another type
     * @throws NotANumberException if the value is not an integer, or the result does not fit into 64 bits
     */
    public static long increment(Transaction transaction, Bytes key, long delta) {
        Cell before = Keys.forRead(transaction, key, DataType.STRING).string();
        Bytes value = before.value();
        OptionalLong whole = value == null ? OptionalLong.of(0) : Decimals.parseLong(value);
        if (whole.isEmpty()) {
            throw notANumber(NotANumberException.Reason.NOT_AN_INTEGER, key, "a 64-bit integer");
        }
        long shown = whole.getAsLong();
        if (delta >= 0 ? shown > Long.MAX_VALUE - delta : shown < Long.MIN_VALUE - delta) {
            throw new NotANumberException(
                    NotANumberException.Reason.OVERFLOW,
                    "value of \"" + key + "\": " + shown + " and " + delta + " (expected: a sum of 64 bits)");
        }
        BigDecimal exact = add(transaction, key, before, BigDecimal.valueOf(delta));
        return Decimals.clamp(exact);
    }

    /**
     * Increments the decimal value of a string exactly, 0 for an absent key; returns the new visible value. The
     * deadline is kept.
     *
     * @throws WrongTypeException if the key is of another type
     * @throws NotANumberException if the value is not a number, or the result cannot be represented exactly
     */
    public static Bytes incrementByDecimal(Transaction transaction, Bytes key, BigDecimal delta) {
        Cell before = Keys.forRead(transaction, key, DataType.STRING).string();
        BigDecimal number = before.number();
        if (number == null) {
            throw notANumber(NotANumberException.Reason.NOT_A_FLOAT, key, "a number");
        }
        Bytes after = Decimals.format(number.add(delta));
        BigDecimal shown = Decimals.parse(after);
        if (shown == null || shown.compareTo(number.add(delta)) != 0) {
            throw notANumber(NotANumberException.Reason.NOT_A_NUMBER, key, "a sum whose digits can be shown");
        }
        add(transaction, key, before, delta);
        return after;
    }

    private static BigDecimal add(Transaction transaction, Bytes key, Cell before, BigDecimal delta) {
        Keys.forWrite(transaction, key, DataType.STRING);
        transaction.increment(key, DataType.STRING, Bytes.EMPTY, delta);
        return Objects.requireNonNull(before.number()).add(delta);
    }

    private static NotANumberException notANumber(NotANumberException.Reason reason, Bytes key, String expected) {
        return new NotANumberException(reason, "value of \"" + key + "\" (expected: " + expected + ")");
    }
}
