package dev.hence.server.resp.group;

import dev.hence.core.datatype.Bytes;
import dev.hence.server.resp.command.RedisError;
import dev.hence.server.resp.reply.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * The elements of a reply while they are gathered from a collection. A collection can have any size, the memory of a
 * node has not, so there is a limit; a scan has none.
 *
 * <p>Not thread-safe.
 */
final class Gathered {

    /** What one reply may take, in bytes. */
    static final long BYTES_MAX = 64L << 20;

    private final List<Reply> elements = new ArrayList<>();
    private long bytes;

    /** Adds a string. */
    void add(Bytes string) {
        bytes += Reply.OBJECT_BYTES + string.length();
        if (bytes > BYTES_MAX) {
            throw new RedisError("ERR reply: more elements than fit into one (expected: at most " + BYTES_MAX
                    + " bytes; use a scan)");
        }
        elements.add(Reply.of(string));
    }

    /** Adds two strings that belong together. */
    void addBoth(Bytes one, Bytes other) {
        add(one);
        add(other);
    }

    /** What was added first, or nothing. */
    Reply firstOrNull() {
        return elements.isEmpty() ? Reply.NULL : elements.getFirst();
    }

    /** What was added, in that order. */
    List<Reply> elements() {
        return elements;
    }
}
