package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the unread messages of all subscribers of a node together. A message that several subscribers have yet
 * to read is stored once and counts once. If there is no room for another, the subscriber with the most unread messages
 * must be disconnected, as Redis does beyond its output buffer limit. Nothing blocks here, because messages come from
 * the thread that commits.
 *
 * <p>Up to {@link MemoryBudget#SMALL_BYTES} of each subscriber's messages do not count.
 *
 * <p><b>Invariant.</b> {@code bytes} is the sum of the messages that some subscriber holds, each once, and at most
 * {@code bytesMax}.
 *
 * <p>Thread-safe. Its lock is taken under that of an {@link Output}, and it takes no other.
 */
public final class UnreadMessages {

    private final long bytesMax;
    private final IdentityHashMap<Reply.Push, Integer> readers = new IdentityHashMap<>();
    private final Map<Output, Long> behindBytes = new HashMap<>();
    private long bytes;

    public UnreadMessages(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Counts a message for a subscriber.
     *
     * @return null if there was room; otherwise the subscriber to disconnect first, and nothing was counted
     */
    synchronized @Nullable Output tryAdd(Output subscriber, Reply.Push message, long messageBytes) {
        if (!readers.containsKey(message)) {
            if (messageBytes > bytesMax - bytes) {
                return furthestBehind(subscriber, messageBytes);
            }
            bytes += messageBytes;
        }
        readers.merge(message, 1, Integer::sum);
        behindBytes.merge(subscriber, messageBytes, Long::sum);
        return null;
    }

    private Output furthestBehind(Output subscriber, long messageBytes) {
        Output furthest = subscriber;
        if (messageBytes <= bytesMax) {
            long most = behindBytes.getOrDefault(subscriber, 0L);
            for (Map.Entry<Output, Long> each : behindBytes.entrySet()) {
                if (each.getValue() > most) {
                    furthest = each.getKey();
                    most = each.getValue();
                }
            }
        }
        return furthest;
    }

    /** Removes a message that the subscriber has read, or will never read. */
    synchronized void remove(Output subscriber, Reply.Push message, long messageBytes) {
        if (readers.merge(message, -1, UnreadMessages::sumOrNone) == null) {
            bytes -= messageBytes;
        }
        behindBytes.merge(subscriber, -messageBytes, UnreadMessages::sumOrNone);
    }

    private static @Nullable Integer sumOrNone(Integer sum, Integer more) {
        return sum + more == 0 ? null : (Integer) (sum + more);
    }

    private static @Nullable Long sumOrNone(Long sum, Long more) {
        return sum + more == 0 ? null : (Long) (sum + more);
    }

    /** The memory in use now. */
    synchronized long bytes() {
        return bytes;
    }
}
