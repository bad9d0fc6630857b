package dev.hence.redis.connection;

import dev.hence.core.crdt.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command. Types that RESP2 lacks are written there as Redis does: a map as an array of keys and
 * values, a set as an array, a double as a string, a boolean as 0 or 1.
 */
// Safe as long as there is no default method: only then would making a record initialize the interface.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface Reply {

    /** What an object takes beside its bytes, about. */
    long OBJECT_BYTES = 32;

    /** It is done. */
    Reply OK = new Simple("OK");

    /** Queued within MULTI. */
    Reply QUEUED = new Simple("QUEUED");

    /** The answer to PING. */
    Reply PONG = new Simple("PONG");

    /** There is none: in RESP2 the null string. */
    Reply NULL = new Null();

    /** There is no list: in RESP2 the null array. */
    Reply NULL_ARRAY = new NullArray();

    /** An empty list. */
    Reply EMPTY = new Array(List.of());

    Reply ZERO = new Int(0);

    Reply ONE = new Int(1);

    /** A short text without line breaks. */
    record Simple(String text) implements Reply {}

    /**
     * A failure.
     *
     * @param text begins with a word in capitals that clients look at, such as {@code ERR}
     */
    record Failure(String text) implements Reply {}

    /** A whole number. */
    record Int(long number) implements Reply {}

    /** A string of bytes. */
    record Bulk(Bytes bytes) implements Reply {}

    /** A text that is a string in RESP2 and says of itself in RESP3 that it is plain text. */
    record Verbatim(String text) implements Reply {}

    /** Nothing. */
    record Null() implements Reply {}

    /** No list: {@code *-1} in RESP2, plain nothing in RESP3. */
    record NullArray() implements Reply {}

    /** A floating-point number. */
    record Real(double number) implements Reply {}

    /** Yes or no; 1 or 0 in RESP2. */
    record Bool(boolean value) implements Reply {}

    /** A list. */
    record Array(List<Reply> elements) implements Reply {
        /** Takes the list over. */
        public Array {}
    }

    /** A set: a list in RESP2. */
    record SetOf(List<Reply> elements) implements Reply {}

    /** Keys and values by turns: a list in RESP2. */
    record MapOf(List<Reply> keysAndValues) implements Reply {}

    /** By turns what belongs together, as members and scores: a list of lists of two, and one list in RESP2. */
    record Pairs(List<Reply> elements) implements Reply {}

    /** Something nobody asked for, as a message of a channel: a list in RESP2. */
    record Push(List<Reply> elements) implements Reply {}

    /** Several replies to one command, one after another, as SUBSCRIBE to several channels gives. */
    record Several(List<Reply> replies) implements Reply {}

    /** A whole number. */
    static Reply of(long number) {
        return number == 0 ? ZERO : number == 1 ? ONE : new Int(number);
    }

    /** 1 or 0. */
    static Reply of(boolean yes) {
        return yes ? ONE : ZERO;
    }

    /** A string, or nothing. */
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

    /** About how much memory a reply takes, in bytes. */
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
