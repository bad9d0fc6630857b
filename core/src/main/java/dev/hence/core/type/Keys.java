package dev.hence.core.type;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Deadlines;
import dev.hence.core.datatype.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import org.jspecify.annotations.Nullable;

/** Keys of any type: whether they are there, of which type, until when. */
public final class Keys {
    private Keys() {}

    /** The type that a key shows; null if it is absent or expired. */
    public static @Nullable DataType type(View view, Bytes key) {
        return view.shown(key).type();
    }

    /** Whether a key shows anything. */
    public static boolean exists(View view, Bytes key) {
        return type(view, key) != null;
    }

    /** When a key that exists expires, in milliseconds since 1970; {@link Deadlines#NONE} if it does not. */
    public static long deadlineMillis(View view, Bytes key) {
        return view.shown(key).deadlines().latest();
    }

    /**
     * Says when a key expires; whether it exists. A deadline that has passed removes it.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    public static boolean expire(Transaction transaction, Bytes key, long deadlineMillis) {
        if (!exists(transaction, key)) {
            return false;
        }
        if (deadlineMillis <= transaction.nowMillis()) {
            transaction.delete(key);
        } else {
            transaction.expire(key, deadlineMillis);
        }
        return true;
    }

    /**
     * What a reader of one type finds under a key: {@link KeyHead#EMPTY} if it is absent or expired.
     *
     * @throws WrongTypeException if it shows another type
     */
    static KeyHead require(View view, Bytes key, DataType type) {
        KeyHead shown = view.shown(key);
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
    static KeyHead prepare(Transaction transaction, Bytes key, DataType type) {
        KeyHead shown = require(transaction, key, type);
        if (shown.type() == null && !transaction.head(key).isEmpty()) {
            transaction.delete(key);
        }
        return shown;
    }

    /**
     * Removes elements that are there from a collection. A key whose last element goes is removed as a whole,
     * deadline included.
     *
     * @param elements without repetitions, each of them present
     */
    static void remove(Transaction transaction, Bytes key, DataType type, Iterable<Bytes> elements) {
        for (Bytes element : elements) {
            transaction.remove(key, type, element);
        }
        if (transaction.head(key).type() == null) {
            transaction.delete(key);
        }
    }
}
