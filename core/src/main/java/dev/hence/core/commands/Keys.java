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

/** Keys of any type: whether they are there, of which type, until when. */
public final class Keys {
    private Keys() {}

    /** The type that a key shows; null if it is absent or expired. */
    public static @Nullable DataType type(View view, Bytes key) {
        return view.visible(key).type();
    }

    /** Whether a key shows anything. */
    public static boolean exists(View view, Bytes key) {
        return type(view, key) != null;
    }

    /** When a key that exists expires, in milliseconds since 1970; {@link Deadlines#NONE} if it does not. */
    public static long deadlineMillis(View view, Bytes key) {
        return view.visible(key).deadlines().latest();
    }

    /**
     * Says when a key expires; whether it exists. A deadline that has passed removes it.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public static boolean expire(Transaction transaction, Bytes key, long deadlineMillis) {
        return expire(transaction, key, deadlineMillis, Set.of());
    }

    /**
     * Says when a key expires, if it exists and all conditions hold; whether that is so. A deadline that has passed
     * removes it.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public static boolean expire(
            Transaction transaction, Bytes key, long deadlineMillis, Set<DeadlineCondition> conditions) {
        KeyHead shown = transaction.visible(key);
        if (shown.type() == null) {
            return false;
        }
        long known = shown.deadlines().latest();
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

    /** Lets a key stay that was to expire; whether there was such a key. */
    public static boolean persist(Transaction transaction, Bytes key) {
        return expire(transaction, key, Deadlines.NONE, Set.of(DeadlineCondition.ONE_ALREADY));
    }

    /** Removes a key, whatever it holds; whether it existed. */
    public static boolean delete(Transaction transaction, Bytes key) {
        return transaction.delete(key);
    }

    /**
     * Gives a key another name, in place of whatever has that name; whether it exists. Written as a removal and a
     * copy: what others write to the old name meanwhile stays there.
     *
     * @throws UpdateTooLargeException if it holds more than fits into an update
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
     * Copies a key with its deadline to another; whether it exists and may be copied.
     *
     * @param replace whether a key that is there goes; otherwise its presence forbids the copy
     * @throws UpdateTooLargeException if it holds more than fits into an update
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

    /** Puts what one key shows in place of another: values only, so increments are assigned as part of them. */
    private static void replace(Transaction transaction, Bytes from, Bytes to) {
        KeyHead shown = transaction.visible(from);
        DataType type = Objects.requireNonNull(shown.type());
        long deadlineMillis = shown.deadlines().latest();
        if (type == DataType.STRING) {
            transaction.set(to, plain(type, shown.string()), deadlineMillis);
            return;
        }
        requireRoom(transaction, from, type, to.length());
        transaction.delete(to);
        // Own writes are put on top of the state by the next read, so they do not disturb the walk.
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

    /** What to assign for a cell to show the same. A score with increments is more exact than it is shown. */
    private static Bytes plain(DataType type, Cell cell) {
        // An infinite score is none, and increments of it do not show.
        BigDecimal number = type == DataType.SORTED_SET && !cell.counter().isEmpty() ? cell.number() : null;
        return number == null ? Objects.requireNonNull(cell.value()) : Decimals.canonical(number);
    }

    /**
     * What a reader of one type finds under a key: {@link KeyHead#EMPTY} if it is absent or expired.
     *
     * @throws WrongTypeException if it shows another type
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
     * Makes a key ready for a writer of one type. What is left under a key that does not show - its deadline, or
     * all of it once it has expired - is removed first, so that nothing of it comes back with the new.
     *
     * @return the key as it shows
     * @throws WrongTypeException if it shows another type
     */
    static KeyHead forWrite(Transaction transaction, Bytes key, DataType type) {
        KeyHead shown = forRead(transaction, key, type);
        if (shown.type() == null && !transaction.head(key).isEmpty()) {
            transaction.delete(key);
        }
        return shown;
    }

    /**
     * Removes elements that are there from the collection that a key shows. A key whose last element goes is removed
     * as a whole, with its deadline and with what another type was hiding: to clients it was empty.
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
