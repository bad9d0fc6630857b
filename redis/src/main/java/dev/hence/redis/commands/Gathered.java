package dev.hence.redis.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a reply while they are gathered from a collection, or one per word of a command. Their number and
 * size are unbounded but the node's memory is not, so a reply has a limit. A scan has none.
 *
 * <p>Not thread-safe.
 */
final class Gathered {

    /** The maximum size of one reply, in bytes. */
    static final long BYTES_MAX = Math.clamp(Runtime.getRuntime().maxMemory() / 8, 16L << 20, 64L << 20);

    private final List<Reply> elements = new ArrayList<>();
    private long bytes;

    /** Adds a string. */
    void add(Bytes string) {
        take(string);
        elements.add(Reply.of(string));
    }

    /** Adds a string, or null. */
    void addOrNull(@Nullable Bytes string) {
        if (string != null) {
            add(string);
        } else {
            take(0);
            elements.add(Reply.NULL);
        }
    }

    /** Adds a floating-point number. */
    void add(double number) {
        take(0);
        elements.add(new Reply.Real(number));
    }

    /** Adds a whole number. */
    void add(long number) {
        take(0);
        elements.add(Reply.of(number));
    }

    /** Reserves room for a string that is added later. */
    void take(Bytes string) {
        take(string.length());
    }

    private void take(int length) {
        bytes += Reply.OBJECT_BYTES + length;
        if (bytes > BYTES_MAX) {
            throw new RedisError("ERR reply: more elements than fit into one (expected: at most " + BYTES_MAX
                    + " bytes; ask for a part, or use a scan)");
        }
    }

    /** Adds two strings as a pair. */
    void addBoth(Bytes one, Bytes other) {
        add(one);
        add(other);
    }

    /** The first element, or null. */
    Reply firstOrNull() {
        return elements.isEmpty() ? Reply.NULL : elements.getFirst();
    }

    /** The elements in the order in which they were added. */
    List<Reply> elements() {
        return elements;
    }
}
