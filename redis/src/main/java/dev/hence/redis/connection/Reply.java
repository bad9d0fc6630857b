package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reply to a command. Types that RESP2 lacks are encoded as Redis does: a map as an array of keys and values, a set
 * as an array, a double as a string, a boolean as 0 or 1.
 */
// Safe as long as there is no default method: only then would making a record initialize the interface.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface Reply {

    /** The approximate overhead of an object beside its bytes. */
    long OBJECT_BYTES = 32;

    /** Success. */
    Reply OK = new Simple("OK");

    /** The command was queued within MULTI. */
    Reply QUEUED = new Simple("QUEUED");

    /** The answer to PING. */
    Reply PONG = new Simple("PONG");

    /** An absent value: the null string in RESP2. */
    Reply NULL = new Null();

    /** An absent list: the null array in RESP2. */
    Reply NULL_ARRAY = new NullArray();

    /** An empty list. */
    Reply EMPTY = new Array(List.of());

    Reply ZERO = new Int(0);

    Reply ONE = new Int(1);

    /** A short text without line breaks. */
    record Simple(String text) implements Reply {}

    /**
     * An error.
     *
     * @param text begins with an error code in capitals, such as {@code ERR}
     */
    record Failure(String text) implements Reply {}

    /** An integer. */
    record Int(long number) implements Reply {}

    /** A byte string. */
    record Bulk(Bytes bytes) implements Reply {}

    /** A plain text: a string in RESP2, a verbatim string in RESP3. */
    record Verbatim(String text) implements Reply {}

    /** Null. */
    record Null() implements Reply {}

    /** A null list: {@code *-1} in RESP2, plain null in RESP3. */
    record NullArray() implements Reply {}

    /** A floating-point number. */
    record Real(double number) implements Reply {}

    /** A boolean; 1 or 0 in RESP2. */
    record Bool(boolean value) implements Reply {}

    /** A list. */
    record Array(List<Reply> elements) implements Reply {
        /** Takes ownership of the list. */
        public Array {}
    }

    /** A set: a list in RESP2. */
    record SetOf(List<Reply> elements) implements Reply {}

    /** Alternating keys and values: a list in RESP2. */
    record MapOf(List<Reply> keysAndValues) implements Reply {}

    /**
     * Alternating elements of pairs, such as members and scores: a list of two-element lists in RESP3, one flat list in
     * RESP2.
     */
    record Pairs(List<Reply> elements) implements Reply {}

    /** An out-of-band message, for example of a channel: a list in RESP2. */
    record Push(List<Reply> elements) implements Reply {}

    /** Several consecutive replies to one command, for example SUBSCRIBE to several channels. */
    record Several(List<Reply> replies) implements Reply {}

    /** An integer. */
    static Reply of(long number) {
        return number == 0 ? ZERO : number == 1 ? ONE : new Int(number);
    }

    /** 1 or 0. */
    static Reply of(boolean yes) {
        return yes ? ONE : ZERO;
    }

    /** A string, or null. */
    static Reply of(@Nullable Bytes bytes) {
        return bytes == null ? NULL : new Bulk(bytes);
    }

    /** A string. */
    static Reply of(String text) {
        return new Bulk(Bytes.utf8(text));
    }

    /** A list of strings. */
    static Reply ofAll(List<Bytes> strings) {
        return new Array(bulks(strings));
    }

    /** A set of strings. */
    static Reply ofSet(List<Bytes> strings) {
        return new SetOf(bulks(strings));
    }

    private static List<Reply> bulks(List<Bytes> strings) {
        return strings.stream().<Reply>map(Bulk::new).toList();
    }

    /** The approximate size of a reply in memory, in bytes. */
    static long sizeBytes(Reply reply) {
        return switch (reply) {
            case Bulk(Bytes bytes) -> OBJECT_BYTES + bytes.length();
            case Simple(String text) -> OBJECT_BYTES + text.length();
            case Failure(String text) -> OBJECT_BYTES + text.length();
            case Verbatim(String text) -> OBJECT_BYTES + text.length();
            case Array(List<Reply> elements) -> sizeBytes(elements);
            case SetOf(List<Reply> elements) -> sizeBytes(elements);
            case MapOf(List<Reply> keysAndValues) -> sizeBytes(keysAndValues);
            case Pairs(List<Reply> elements) -> sizeBytes(elements);
            case Push(List<Reply> elements) -> sizeBytes(elements);
            case Several(List<Reply> replies) -> sizeBytes(replies);
            case Int any -> OBJECT_BYTES;
            case Real any -> OBJECT_BYTES;
            case Bool any -> OBJECT_BYTES;
            case Null any -> OBJECT_BYTES;
            case NullArray any -> OBJECT_BYTES;
        };
    }

    private static long sizeBytes(List<Reply> elements) {
        long sum = OBJECT_BYTES;
        for (Reply element : elements) {
            sum += sizeBytes(element);
        }
        return sum;
    }
}
