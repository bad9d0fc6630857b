package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The identities of the updates that a replica has delivered: which update each dot names, as a digest over a context.
 *
 * <p><b>Why.</b> A context names updates by their dots. A node whose disk was rolled back to an earlier state reuses
 * dots, and then one context means different updates at different nodes. So an update carries, beside its context, a
 * digest of the checksums of the updates that its origin had under the context's dots ({@link Update#past}), and a
 * replica delivers it only if it has the same updates ({@link #agrees}).
 *
 * <p><b>Invariant.</b> For every update <i>m</i> that a replica has delivered, the replica has, under every dot that
 * <i>m</i> names directly or transitively, the update that the origin of <i>m</i> had there. By induction: the last
 * update of each replica is compared; its checksum covers the digest of its own context, and so on back to the first
 * update; the entry of an update's own origin is its predecessor. The invariant does not hold where a digest is 0 or a
 * log no longer holds an update. A violation goes undetected with the probability of equal checksums, one in 2^32.
 *
 * <p><b>Digest.</b> The sum of a number for each entry, mixed from replica, counter and checksum. It is a sum, so that
 * the digest of the replica's own clock is maintained at the cost of one entry per update.
 *
 * <p>Not thread-safe: it belongs to the one writer of a replica.
 */
public final class Lineage {

    /** The lookups that a node offers into its own log. */
    @FunctionalInterface
    public interface Log {
        /**
         * Returns the checksum of a stored update; null if the log does not hold it. That of the last deleted update of
         * each replica is known.
         */
        @Nullable
        Integer checksum(Dot dot);

        /** The counter of the last update of a replica that was deleted from the log; 0 if none was. */
        default long deletedThrough(ReplicaId replica) {
            return 0;
        }
    }

    /** An entry of a context, with its term of the digest. */
    private record Named(long counter, int part) {}

    private final Log log;
    private final Map<ReplicaId, Tail> tails = new HashMap<>();

    /** For each origin, the entries of its last update's context. */
    private final Map<ReplicaId, Map<ReplicaId, Named>> named = new HashMap<>();

    private int digest;
    private int unknown;

    /**
     * @param clock the updates that the replica has delivered
     * @param log the replica's log, which contains all of them
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

    /**
     * The digest of the clock, for an update that is made on it; 0 if the checksum of one of its entries is unknown.
     */
    public int past() {
        return unknown == 0 ? digest : 0;
    }

    /**
     * Whether this replica has the same updates under the dots of an update's context as the update's origin had.
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

    /** Whether a different update is known to be delivered under this one's dot. Only recent updates are compared. */
    public boolean contradicts(Update delivered) {
        Dot dot = delivered.dot();
        Tail tail = tails.get(dot.replica());
        return tail != null && tail.has(dot.counter()) && tail.get(dot.counter()) != delivered.checksum();
    }

    /** Returns the checksum of a delivered update; null if it is no longer known. */
    private @Nullable Integer checksum(Dot dot) {
        Tail tail = tails.get(dot.replica());
        return tail != null && tail.has(dot.counter()) ? Integer.valueOf(tail.get(dot.counter())) : log.checksum(dot);
    }

    /** Records the delivery of a frame, which begins with the next update of its origin. */
    public void delivered(Frame frame) {
        ReplicaId replica = frame.origin();
        long first = frame.first().dot().counter();
        Tail tail = tails.get(replica);
        if (tail == null) {
            tail = new Tail(first - 1);
            tails.put(replica, tail);
        }
        if (first > 1) {
            if (tail.has(first - 1)) {
                digest -= part(replica, first - 1, tail.get(first - 1));
            } else {
                unknown--;
            }
        }
        for (Update update : frame.updates()) {
            tail.add(update.checksum());
        }
        digest += part(replica, frame.last().dot().counter(), frame.last().checksum());
    }

    /**
     * Records that every delivered update is stored, or is being stored and the log is not read before that has
     * finished.
     */
    public void stored() {
        tails.values().forEach(Tail::trim);
    }

    /**
     * The digest of the past of an origin's next update, if the origin delivers nothing between the two.
     *
     * @param update the earlier of the two
     * @param checksumBefore the checksum of the update before it of the same origin; not used if it is the first
     * @return 0 if the earlier one does not know its past, and is not the first of a replica that had seen nothing
     */
    public static int following(Update update, int checksumBefore) {
        ReplicaId replica = update.dot().replica();
        long counter = update.dot().counter();
        if (update.past() == 0 && !update.context().isEmpty()) {
            return 0;
        }
        int before = counter == 1 ? 0 : part(replica, counter - 1, checksumBefore);
        return update.past() - before + part(replica, counter, update.checksum());
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

    /**
     * The checksums of the last updates of one replica: contexts mostly name these, and the log may not hold all of
     * them.
     */
    private static final class Tail {
        private static final int KEPT = 256;
        private static final int KEPT_LENGTH_MAX = 4_096;

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
                int[] kept = checksums.length > KEPT_LENGTH_MAX ? new int[2 * KEPT] : checksums;
                System.arraycopy(checksums, size - KEPT, kept, 0, KEPT);
                checksums = kept;
                before += size - KEPT;
                size = KEPT;
            }
        }
    }
}
