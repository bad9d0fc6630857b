package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of keyspace scans. Clients get a number, but keys are ordered by their bytes, so the node stores for each
 * number the key that the scan has reached. Any connection may continue a scan, as clients with a connection pool do,
 * any number of times.
 *
 * <p><b>Bound.</b> The least recently used cursors are dropped when they take too much memory. A scan that continues
 * with a dropped cursor gets an error and must start over.
 *
 * <p>Numbers are random, so a cursor of another node or of an earlier process is unknown here rather than mistaken for
 * one of this node. They have at most 53 bits, because some clients parse them as floating-point numbers.
 *
 * <p>Thread-safe.
 */
public final class ScanCursors {

    /** The approximate overhead of an entry beside its key. */
    private static final int ENTRY_BYTES = 128;

    private static final long CURSOR_MAX = 1L << 53;

    private final long bytesMax;
    private final Map<Long, Bytes> keys = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param bytesMax approximate memory limit */
    public ScanCursors(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The cursor of a scan that continues after a key; never 0. */
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

    /** The key after which a scan continues; null if the cursor is unknown or dropped. */
    public synchronized @Nullable Bytes find(long cursor) {
        return keys.get(cursor);
    }
}
