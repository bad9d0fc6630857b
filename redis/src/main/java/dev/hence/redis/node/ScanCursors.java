package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where scans of the keyspace go on. Clients are given a number, but keys stand in the order of their bytes, so a
 * number is worth what the node remembers of it: the key that the scan has come to. Any connection may go on with it,
 * as clients with a pool of them do, and any number of times.
 *
 * <p><b>Bound.</b> The numbers least lately used are forgotten when what is remembered takes too much memory. A scan
 * that would go on with one of those is told so and begins again.
 *
 * <p>Numbers are random, so those of another node or of an earlier process are unknown here rather than mistaken. Some
 * clients read them as floating-point numbers, so they have at most 53 bits.
 *
 * <p>Thread-safe.
 */
public final class ScanCursors {

    /** What remembering a key takes beside its bytes, about. */
    private static final int ENTRY_BYTES = 128;

    private static final long CURSOR_MAX = 1L << 53;

    private final long bytesMax;
    private final Map<Long, Bytes> keys = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param bytesMax memory for what is remembered, about */
    public ScanCursors(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The number of a scan that goes on after a key; never 0. */
    public synchronized long after(Bytes key) {
        long cursor;
        do {
            cursor = ThreadLocalRandom.current().nextLong(1, CURSOR_MAX);
        } while (keys.putIfAbsent(cursor, key) != null);
        bytes += ENTRY_BYTES + key.length();
        var eldest = keys.entrySet().iterator();
        while (bytes > bytesMax) {
            bytes -= ENTRY_BYTES + eldest.next().getValue().length();
            eldest.remove();
        }
        return cursor;
    }

    /** The key after which a scan goes on; null if the number is unknown or forgotten. */
    public synchronized @Nullable Bytes find(long cursor) {
        return keys.get(cursor);
    }
}
