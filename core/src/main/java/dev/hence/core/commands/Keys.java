package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.crdt.Element;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.State;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Operation;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys of any type: existence, type and deadline. */
public final class Keys {
    private Keys() {}

    /** Returns the visible type of a key; null if it is absent or expired. */
    public static @Nullable DataType type(View view, Bytes key) {
        return view.visible(key).type();
    }

    /** Whether a key exists and has not expired. */
    public static boolean exists(View view, Bytes key) {
        return type(view, key) != null;
    }

    /** Returns when an existing key expires, in milliseconds since 1970; {@link Deadlines#NONE} if it does not. */
    public static long deadlineMillis(View view, Bytes key) {
        return view.visible(key).deadlineMillis();
    }

    /**
     * Sets the deadline of a key; returns whether the key exists. A deadline that has passed removes it.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public static boolean expire(Transaction transaction, Bytes key, long deadlineMillis) {
        return expire(transaction, key, deadlineMillis, Set.of());
    }

    /**
     * Sets the deadline of a key if it exists and all conditions hold; returns whether it did so. A deadline that has
     * passed removes it.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public static boolean expire(
            Transaction transaction, Bytes key, long deadlineMillis, Set<DeadlineCondition> conditions) {
        KeyHead shown = transaction.visible(key);
        if (shown.type() == null) {
            return false;
        }
        long known = shown.deadlineMillis();
        if (!conditions.stream().allMatch(each -> each.holds(known, deadlineMillis))) {
            return false;
        }
        if (deadlineMillis <= transaction.nowMillis()) {
            transaction.delete(key);
        } else {
            transaction.expire(key, deadlineMillis);
        }
        return true;
    }

    /** Removes the deadline of a key; returns whether the key had one. */
    public static boolean persist(Transaction transaction, Bytes key) {
        return expire(transaction, key, Deadlines.NONE, Set.of(DeadlineCondition.ONE_ALREADY));
    }

    /** Removes a key of any type; returns whether it existed. */
    public static boolean delete(Transaction transaction, Bytes key) {
        return transaction.delete(key);
    }

    /**
     * Renames a key, replacing any key of the new name; returns whether it exists. Written as a removal and a copy:
     * concurrent writes to the old name stay there.
     *
     * @throws UpdateTooLargeException if it does not fit into an update
     */
    public static boolean rename(Transaction transaction, Bytes from, Bytes to) {
        if (!exists(transaction, from)) {
            return false;
        }
        if (!from.equals(to)) {
            replace(transaction, from, to);
            transaction.delete(from);
        }
        return true;
    }

    /**
     * Copies a key with its deadline to another key; returns whether it exists and was copied.
     *
     * @param replace whether an existing key is replaced; otherwise it prevents the copy
     * @throws UpdateTooLargeException if it does not fit into an update
     */
    public static boolean copy(Transaction transaction, Bytes from, Bytes to, boolean replace) {
        if (from.equals(to)) {
            throw new IllegalArgumentException(
                    "copy of \"" + from + "\": source and destination are the same" + " (expected: another key)");
        }
        if (!exists(transaction, from) || (!replace && exists(transaction, to))) {
            return false;
        }
        replace(transaction, from, to);
        return true;
    }

    /**
     * Replaces one key by the visible content of another: values only, so increments become part of the assigned
     * values.
     */
    private static void replace(Transaction transaction, Bytes from, Bytes to) {
        KeyHead shown = transaction.visible(from);
        DataType type = Objects.requireNonNull(shown.type());
        long deadlineMillis = shown.deadlineMillis();
        if (type == DataType.STRING) {
            transaction.set(to, plain(type, shown.string()), deadlineMillis);
            return;
        }
        requireRoom(transaction, from, type, to.length());
        transaction.delete(to);
        // The transaction's own writes are overlaid by the next read, so they do not affect the walk.
        transaction.walk(from, Element.kind(type), null, State.Direction.UP, (row, cell) -> {
            transaction.assign(to, type, Element.of(type, row), plain(type, cell));
            return true;
        });
        if (deadlineMillis != Deadlines.NONE) {
            transaction.expire(to, deadlineMillis);
        }
    }

    private static void requireRoom(Transaction transaction, Bytes from, DataType type, int keyBytes) {
        long bytesMax = transaction.bytesMax();
        long[] bytes = new long[1];
        transaction.walk(from, Element.kind(type), null, State.Direction.UP, (row, cell) -> {
            bytes[0] += Operation.OVERHEAD_BYTES
                    + keyBytes
                    + Element.of(type, row).length()
                    + plain(type, cell).length();
            return bytes[0] <= bytesMax;
        });
        if (bytes[0] > bytesMax) {
            throw new UpdateTooLargeException(bytes[0], bytesMax);
        }
    }

    /**
     * Returns the value to assign for the same visible content. A score with increments is more exact than its visible
     * value.
     */
    private static Bytes plain(DataType type, Cell cell) {
        // An infinite score is not a number, and increments on it are not visible.
        BigDecimal number = type == DataType.SORTED_SET && !cell.counter().isEmpty() ? cell.number() : null;
        return number == null ? Objects.requireNonNull(cell.value()) : Decimals.canonical(number);
    }

    /**
     * Returns the head that a reader of one type finds under a key: {@link KeyHead#EMPTY} if it is absent or expired.
     *
     * @throws WrongTypeException if it is of another type
     */
    static KeyHead forRead(View view, Bytes key, DataType type) {
        KeyHead shown = view.visible(key);
        DataType found = shown.type();
        if (found != null && found != type) {
            throw new WrongTypeException(key, found, type);
        }
        return found == null ? KeyHead.EMPTY : shown;
    }

    /**
     * Prepares a key for a writer of one type. The remains of a key that is not visible - its deadline, or everything
     * once it has expired - are removed first, so that they do not reappear with the new content.
     *
     * @return the visible head of the key
     * @throws WrongTypeException if it is of another type
     */
    static KeyHead forWrite(Transaction transaction, Bytes key, DataType type) {
        KeyHead shown = forRead(transaction, key, type);
        if (shown.type() == null && !transaction.head(key).isEmpty()) {
            transaction.delete(key);
        }
        return shown;
    }

    /**
     * Removes present elements from the visible collection of a key. When the last element is removed the whole key is
     * removed, including its deadline and content hidden by this type: to clients the key was empty.
     *
     * @param elements without repetitions, each of them present
     */
    static void remove(Transaction transaction, Bytes key, DataType type, Iterable<Bytes> elements) {
        for (Bytes element : elements) {
            transaction.remove(key, type, element);
        }
        if (transaction.head(key).collection(type).count() == 0) {
            transaction.delete(key);
        }
    }
}
