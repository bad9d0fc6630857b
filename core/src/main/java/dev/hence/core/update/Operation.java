package dev.hence.core.update;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Counter;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.crdt.Scores;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change, as every replica applies it.
 *
 * <p>An operation is a net effect: its origin has folded everything a transaction did to a key, an element or a
 * deadline into at most one operation. It removes only what is in the update's context, so the order of operations
 * within an update does not matter.
 */
public sealed interface Operation {

    /** The key that is changed; for a publication, its channel. */
    Bytes key();

    /** The target, which an update changes at most once; null if an update may hold any number of such operations. */
    @Nullable
    Object target();

    /** The size in bytes of keys, elements and values, which the limits apply to. */
    int sizeBytes();

    /**
     * The bytes that an operation counts in addition to its keys, elements and values, so that the number of very small
     * operations is bounded as well.
     */
    int OVERHEAD_BYTES = 32;

    /** The size in bytes of a list of operations: all keys, elements and values, and the overhead of each operation. */
    static long sizeBytes(List<Operation> operations) {
        long bytes = (long) OVERHEAD_BYTES * operations.size();
        for (int i = 0; i < operations.size(); i++) {
            bytes += operations.get(i).sizeBytes();
        }
        return bytes;
    }

    /**
     * An element of a collection, or the string of a key, for which the element is empty.
     *
     * <p>A client can choose names with equal hashes. A hash table stays fast for such keys only if they are
     * comparable, so a class that holds names and serves as a hash key is comparable.
     */
    record Place(Bytes key, DataType type, Bytes element) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::key).thenComparing(Place::type).thenComparing(Place::element);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** A key's deadline; comparable for the same reason. */
    record DeadlineOf(Bytes key) implements Comparable<DeadlineOf> {
        @Override
        public int compareTo(DeadlineOf other) {
            return key.compareTo(other.key);
        }
    }

    /**
     * The increments on one element that a removal had seen.
     *
     * @param element empty for the string
     */
    record SeenIncrements(DataType type, Bytes element, List<Counter.Mark> marks) {
        /** Copies the list. */
        public SeenIncrements {
            marks = List.copyOf(marks);
        }

        int sizeBytes() {
            return element.length() + Operation.sizeOf(marks);
        }
    }

    /**
     * Assigns a string to a key, replacing everything of every type that its origin had seen there.
     *
     * @param deadlineMillis milliseconds since 1970, {@link Deadlines#NONE}, or {@link Deadlines#KEEP} to leave
     *     the key's deadline alone
     * @param seen the increments that it takes away, for each element that has some
     */
    record SetString(Bytes key, Bytes value, long deadlineMillis, List<SeenIncrements> seen) implements Operation {
        /** Copies the list. */
        public SetString {
            seen = List.copyOf(seen);
        }

        /** An assignment that clears the deadline and saw no increments. */
        public SetString(Bytes key, Bytes value) {
            this(key, value, Deadlines.NONE, List.of());
        }

        @Override
        public Object target() {
            return key;
        }

        @Override
        public int sizeBytes() {
            return key.length() + value.length() + sizeOfSeen(seen);
        }
    }

    /**
     * Removes everything that its origin had seen under a key; concurrent writes stay.
     *
     * @param seen the increments that it takes away, for each element that has some
     */
    record DeleteKey(Bytes key, List<SeenIncrements> seen) implements Operation {
        /** Copies the list. */
        public DeleteKey {
            seen = List.copyOf(seen);
        }

        /** A removal of a key that saw no increments. */
        public DeleteKey(Bytes key) {
            this(key, List.of());
        }

        @Override
        public Object target() {
            return key;
        }

        @Override
        public int sizeBytes() {
            return key.length() + sizeOfSeen(seen);
        }
    }

    /**
     * Assigns a value to an element of a collection: a field, a member's score, a list element; or adds a
     * member to a set, with an empty value.
     *
     * @param value for a sorted set the member's score; for a set empty
     * @param marks the increments on it that it takes away
     */
    record Assign(Bytes key, DataType type, Bytes element, Bytes value, List<Counter.Mark> marks) implements Operation {
        /**
         * @throws IllegalArgumentException for a string, which is assigned by {@link SetString}; for a value that
         *     the type does not have
         */
        public Assign {
            requireCollection(type);
            if (type == DataType.SORTED_SET && !Scores.isScore(value)) {
                throw new IllegalArgumentException("score: \"" + value + "\" (expected: a number, inf or -inf)");
            }
            if (type == DataType.SET && value.length() > 0) {
                throw new IllegalArgumentException("value of a member: " + value.length() + " bytes (expected: none)");
            }
            marks = List.copyOf(marks);
        }

        @Override
        public Object target() {
            return new Place(key, type, element);
        }

        @Override
        public int sizeBytes() {
            return key.length() + element.length() + value.length() + sizeOf(marks);
        }
    }

    /**
     * Removes an element of a collection.
     *
     * @param marks the increments on it that it takes away
     */
    record Remove(Bytes key, DataType type, Bytes element, List<Counter.Mark> marks) implements Operation {
        /** @throws IllegalArgumentException for a string, which is removed by {@link DeleteKey} */
        public Remove {
            requireCollection(type);
            marks = List.copyOf(marks);
        }

        @Override
        public Object target() {
            return new Place(key, type, element);
        }

        @Override
        public int sizeBytes() {
            return key.length() + element.length() + sizeOf(marks);
        }
    }

    /**
     * Adds to the number in a string, a field or a member's score.
     *
     * @param element empty for a string
     * @param previous the origin's counter at the increment that it adds to; if there is none, at the update before
     * @param total the sum of all increments since the origin last saw them removed, this one included
     */
    record Increment(Bytes key, DataType type, Bytes element, long previous, BigDecimal delta, BigDecimal total)
            implements Operation {
        /**
         * Strips the numbers, so that equal ones are the same.
         *
         * @throws IllegalArgumentException for a set or a list, which have no numbers; for an element of a string;
         *     for numbers with more digits than any sum can have
         */
        public Increment {
            delta = Decimals.requireSum(Decimals.strip(delta));
            total = Decimals.requireSum(Decimals.strip(total));
            if (type == DataType.STRING && element.length() > 0) {
                throw new IllegalArgumentException(
                        "increment of \"" + key + "\": element \"" + element + "\" of a string (expected: none)");
            }
            if (type == DataType.SET || type == DataType.LIST) {
                throw new IllegalArgumentException(
                        "increment of \"" + key + "\": type " + type + " (expected: string, hash or sorted set)");
            }
        }

        @Override
        public Object target() {
            return new Place(key, type, element);
        }

        @Override
        public int sizeBytes() {
            return key.length() + element.length() + sizeOf(delta) + sizeOf(total);
        }
    }

    /**
     * Says when a key expires.
     *
     * @param deadlineMillis milliseconds since 1970, or {@link Deadlines#NONE}
     */
    record Expire(Bytes key, long deadlineMillis) implements Operation {
        @Override
        public Object target() {
            return new DeadlineOf(key);
        }

        @Override
        public int sizeBytes() {
            return key.length();
        }
    }

    /** Tells the subscribers of a channel something, after all that happened before it. It changes no key. */
    record Publish(Bytes channel, Bytes message) implements Operation {

        /**
         * The prefix of the channels in which earlier versions stored what is now an update's {@link Update#request}.
         * Logs may still contain such messages, which are delivered to no subscriber; clients cannot publish to
         * channels with this prefix.
         */
        public static final Bytes HIDDEN_CHANNELS = Bytes.utf8("\0hence:once");

        /** Whether this message is hidden from subscribers and from readers of the feed. */
        public boolean isHidden() {
            return channel.startsWith(HIDDEN_CHANNELS);
        }

        @Override
        public Bytes key() {
            return channel;
        }

        @Override
        public @Nullable Object target() {
            return null;
        }

        @Override
        public int sizeBytes() {
            return channel.length() + message.length();
        }
    }

    private static void requireCollection(DataType type) {
        if (type == DataType.STRING) {
            throw new IllegalArgumentException("element of type string (expected: hash, set, sorted set or list)");
        }
    }

    private static int sizeOfSeen(List<SeenIncrements> seen) {
        int bytes = 0;
        for (int i = 0; i < seen.size(); i++) {
            bytes += seen.get(i).sizeBytes();
        }
        return bytes;
    }

    private static int sizeOf(List<Counter.Mark> marks) {
        int bytes = 0;
        for (Counter.Mark mark : marks) {
            bytes += Long.BYTES + sizeOf(mark.total());
        }
        return bytes;
    }

    private static int sizeOf(BigDecimal number) {
        return number.unscaledValue().bitLength() / Byte.SIZE + 1;
    }
}
