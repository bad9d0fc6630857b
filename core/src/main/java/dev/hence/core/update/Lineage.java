package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The updates under the dots that a replica has delivered, as a digest of what a context names.
 *
 * <p><b>Why.</b> A context names updates by their dots. A disk that was set back to an earlier state lets its node give
 * dots a second time, and then one context means different updates at different nodes. So an update carries, beside
 * its context, a digest of the checksums of the updates that its origin had under the dots of the context ({@link
 * Update#past}), and a replica delivers it only if it has the same ones ({@link #agrees}).
 *
 * <p><b>Invariant.</b> For every update <i>m</i> that a replica has delivered, it has under every dot that <i>m</i>
 * names, directly or through what <i>m</i> names, the update that the origin of <i>m</i> had there. By induction: the
 * last entry of each replica is compared, it covers the digest of its own context, and so on down to the beginning;
 * the entry of an update's own origin is its predecessor. It does not hold where a digest is 0 or a log has let go of
 * an update, and fails to be noticed with the probability of equal checksums, one in four thousand million.
 *
 * <p><b>Digest.</b> The sum of a number for each entry, mixed from replica, counter and checksum. A sum, so that the
 * one of the replica's own clock follows it at the cost of one entry for each update.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 */
public final class Lineage {

    /** What a node can look up of its own log. */
    @FunctionalInterface
    public interface Log {
        /** The checksum of an update that the node has stored; null if its log does not hold it. */
        @Nullable
        Integer checksum(Dot dot);
    }

    /** An entry of a context, with its part of the digest. */
    private record Named(long counter, int part) {}

    private final Log log;
    private final Map<ReplicaId, Tail> tails = new HashMap<>();

    /** For each origin, what the context of its last update named. */
    private final Map<ReplicaId, Map<ReplicaId, Named>> named = new HashMap<>();

    private int digest;
    private int unknown;

    /**
     * @param clock what the replica has delivered before
     * @param log what it has stored, which is all of that
     */
    public Lineage(VersionVector clock, Log log) {
        this.log = log;
        clock.forEach((replica, counter) -> {
            Integer checksum = log.checksum(new Dot(replica, counter));
            if (checksum == null) {
                unknown++;
                tails.put(replica, new Tail(counter));
            } else {
                Tail tail = new Tail(counter - 1);
                tail.add(checksum);
                tails.put(replica, tail);
                digest += part(replica, counter, checksum);
            }
        });
    }

    /** The digest of the clock, for an update that is made on it; 0 if not all that it names is known. */
    public int past() {
        return unknown == 0 ? digest : 0;
    }

    /**
     * Whether this replica has the same updates under the dots of the update's context as its origin had.
     *
     * @param update one whose context is delivered
     */
    public boolean agrees(Update update) {
        if (update.past() == 0) {
            return true;
        }
        Map<ReplicaId, Named> before = named.computeIfAbsent(update.dot().replica(), origin -> new HashMap<>());
        int[] sum = {0};
        boolean[] known = {true};
        update.context().forEach((replica, counter) -> {
            Named entry = before.get(replica);
            if (entry == null || entry.counter() != counter) {
                Integer checksum = checksum(new Dot(replica, counter));
                if (checksum == null) {
                    known[0] = false;
                    return;
                }
                entry = new Named(counter, part(replica, counter, checksum));
                before.put(replica, entry);
            }
            sum[0] += entry.part();
        });
        return !known[0] || sum[0] == update.past();
    }

    /** Whether another update is known to be delivered under this one's dot. Only the last ones are looked at. */
    public boolean contradicts(Update delivered) {
        Dot dot = delivered.dot();
        Tail tail = tails.get(dot.replica());
        return tail != null && tail.has(dot.counter()) && tail.get(dot.counter()) != delivered.checksum();
    }

    /** The checksum of an update that is delivered; null if it is not known any more. */
    private @Nullable Integer checksum(Dot dot) {
        Tail tail = tails.get(dot.replica());
        return tail != null && tail.has(dot.counter()) ? Integer.valueOf(tail.get(dot.counter())) : log.checksum(dot);
    }

    /** Records that an update is delivered, the next one of its origin. */
    public void delivered(Update update) {
        ReplicaId replica = update.dot().replica();
        long counter = update.dot().counter();
        Tail tail = tails.computeIfAbsent(replica, first -> new Tail(counter - 1));
        if (counter > 1) {
            if (tail.has(counter - 1)) {
                digest -= part(replica, counter - 1, tail.get(counter - 1));
            } else {
                unknown--;
            }
        }
        tail.add(update.checksum());
        digest += part(replica, counter, update.checksum());
    }

    /** Records that all that is delivered is stored, or is being stored and the log is asked only after that. */
    public void stored() {
        tails.values().forEach(Tail::trim);
    }

    /** Each part depends on every bit of its entry (the finalizer of MurmurHash3). */
    private static int part(ReplicaId replica, long counter, int checksum) {
        long mixed = replica.name().hashCode() * 31L + replica.incarnation();
        mixed = mix(mixed + counter * 0x9E3779B97F4A7C15L);
        return (int) mix(mixed ^ checksum);
    }

    private static long mix(long number) {
        long mixed = (number ^ number >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }

    /** The checksums of the last updates of one replica: contexts mostly name these, and of some the log may not know. */
    private static final class Tail {
        private static final int KEPT = 256;

        private int[] checksums = new int[16];
        private int size;
        private long before;

        /** @param before the counter before the first one */
        Tail(long before) {
            this.before = before;
        }

        void add(int checksum) {
            if (size == checksums.length) {
                checksums = Arrays.copyOf(checksums, size * 2);
            }
            checksums[size++] = checksum;
        }

        boolean has(long counter) {
            return counter > before && counter <= before + size;
        }

        int get(long counter) {
            return checksums[(int) (counter - before) - 1];
        }

        void trim() {
            if (size >= 2 * KEPT) {
                checksums = Arrays.copyOfRange(checksums, size - KEPT, size + KEPT);
                before += size - KEPT;
                size = KEPT;
            }
        }
    }
}
