package dev.hence.core.clock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The highest contiguous counter seen of each replica: a node's clock, an update's context, a
 * session token.
 *
 * <p>It represents a set of dots: (r, n) is in it iff {@code 1 <= n <= get(r)}. Vectors form a lattice under {@link
 * #descends}, with {@link #join} as least upper bound and {@link #EMPTY} at the bottom.
 *
 * <p>Parker et al.: Detection of Mutual Inconsistency in Distributed Systems (IEEE TSE 1983).
 *
 * <p>Invariant: {@code replicas} is strictly ascending and every counter is at least 1, so equal vectors have equal
 * arrays. A vector shares its replicas array with those derived from it by {@link #with}. So the common step - one
 * counter grows - costs one small array copy, and comparing two clocks of one cluster is a loop over longs.
 *
 * <p>Immutable.
 */
public final class VersionVector {

    /** The empty vector: no update of any replica was seen. */
    public static final VersionVector EMPTY = new VersionVector(new ReplicaId[0], new long[0]);

    private final ReplicaId[] replicas;
    private final long[] counters;

    private VersionVector(ReplicaId[] replicas, long[] counters) {
        this.replicas = replicas;
        this.counters = counters;
    }

    /**
     * The vector with the given counters; zeros are left out.
     *
     * @throws IllegalArgumentException if a counter is negative
     */
    public static VersionVector of(Map<ReplicaId, Long> counters) {
        Builder builder = new Builder();
        new TreeMap<>(counters).forEach((replica, counter) -> {
            requireCounter(replica, counter);
            builder.append(replica, counter);
        });
        return builder.build();
    }

    /** The number of replicas with at least one update seen. */
    public int size() {
        return replicas.length;
    }

    /** Whether no update of any replica was seen. */
    public boolean isEmpty() {
        return replicas.length == 0;
    }

    /** Returns the counter of a replica, 0 if none of its updates was seen. */
    public long get(ReplicaId replica) {
        int index = indexOf(replica);
        return index < 0 ? 0 : counters[index];
    }

    /** Whether the update with this dot was seen. */
    public boolean contains(Dot dot) {
        return dot.counter() <= get(dot.replica());
    }

    /** Returns the dot of the replica's next update. */
    public Dot next(ReplicaId replica) {
        return new Dot(replica, get(replica) + 1);
    }

    /**
     * This vector with the counter of one replica raised to the dot's; the same vector if it already contains the dot.
     */
    public VersionVector with(Dot dot) {
        return with(dot.replica(), dot.counter());
    }

    /**
     * This vector with the counter of one replica raised to the given one.
     *
     * @throws IllegalArgumentException if the counter is negative
     */
    public VersionVector with(ReplicaId replica, long counter) {
        requireCounter(replica, counter);
        int index = indexOf(replica);
        if (index >= 0) {
            if (counters[index] >= counter) {
                return this;
            }
            long[] raised = counters.clone();
            raised[index] = counter;
            return new VersionVector(replicas, raised);
        }
        return counter == 0 ? this : inserting(replica, counter);
    }

    private VersionVector inserting(ReplicaId replica, long counter) {
        int at = -(Arrays.binarySearch(replicas, replica) + 1);
        ReplicaId[] moreReplicas = Arrays.copyOf(replicas, replicas.length + 1);
        long[] moreCounters = Arrays.copyOf(counters, counters.length + 1);
        System.arraycopy(replicas, at, moreReplicas, at + 1, replicas.length - at);
        System.arraycopy(counters, at, moreCounters, at + 1, counters.length - at);
        moreReplicas[at] = replica;
        moreCounters[at] = counter;
        return new VersionVector(moreReplicas, moreCounters);
    }

    /** Returns the least vector that descends both: the union of what the two have seen. */
    public VersionVector join(VersionVector other) {
        if (descends(other)) {
            return this;
        }
        if (other.descends(this)) {
            return other;
        }
        Builder joined = new Builder();
        int mine = 0;
        int theirs = 0;
        while (mine < replicas.length || theirs < other.replicas.length) {
            int order = mine == replicas.length
                    ? 1
                    : theirs == other.replicas.length ? -1 : replicas[mine].compareTo(other.replicas[theirs]);
            long counter = Math.max(order <= 0 ? counters[mine] : 0, order >= 0 ? other.counters[theirs] : 0);
            joined.append(order <= 0 ? replicas[mine] : other.replicas[theirs], counter);
            mine += order <= 0 ? 1 : 0;
            theirs += order >= 0 ? 1 : 0;
        }
        return joined.build();
    }

    /** Whether this vector covers the other ({@code this >= other}); reflexive. */
    public boolean descends(VersionVector other) {
        return firstMissingIndex(other) < 0;
    }

    /**
     * Returns the first entry of the other vector that this one does not cover, as the dot to wait for; null if there
     * is none.
     */
    public @Nullable Dot firstMissing(VersionVector other) {
        int index = firstMissingIndex(other);
        return index < 0 ? null : new Dot(other.replicas[index], other.counters[index]);
    }

    /** Returns every entry of the other vector that this one does not cover, in replica order. */
    public List<Dot> missing(VersionVector other) {
        List<Dot> missing = new ArrayList<>();
        other.forEach((replica, counter) -> {
            if (get(replica) < counter) {
                missing.add(new Dot(replica, counter));
            }
        });
        return missing;
    }

    /** Returns the number of updates in the other vector that this one does not cover. */
    public long missingCount(VersionVector other) {
        long[] missing = {0};
        other.forEach((replica, counter) -> missing[0] += Math.max(0, counter - get(replica)));
        return missing[0];
    }

    /** Whether this vector is {@code before.with(dot)}, which is not made. */
    public boolean isWith(VersionVector before, Dot dot) {
        int raised = indexOf(dot.replica());
        if (raised < 0 || !sharesReplicas(before)) {
            return equals(before.with(dot));
        }
        for (int i = 0; i < counters.length; i++) {
            long counter = i == raised ? Math.max(before.counters[i], dot.counter()) : before.counters[i];
            if (counters[i] != counter) {
                return false;
            }
        }
        return true;
    }

    // The same array means the same replicas at the same indexes: this is why the array is shared.
    @SuppressWarnings("ReferenceEquality")
    private int firstMissingIndex(VersionVector other) {
        if (sharesReplicas(other)) {
            for (int i = 0; i < counters.length; i++) {
                if (counters[i] < other.counters[i]) {
                    return i;
                }
            }
            return -1;
        }
        int mine = 0;
        for (int theirs = 0; theirs < other.replicas.length; theirs++) {
            while (mine < replicas.length && replicas[mine].compareTo(other.replicas[theirs]) < 0) {
                mine++;
            }
            if (mine == replicas.length
                    || !replicas[mine].equals(other.replicas[theirs])
                    || counters[mine] < other.counters[theirs]) {
                return theirs;
            }
        }
        return -1;
    }

    // Identity, not equality: equal arrays would have to be compared entry by entry, which the slow path does anyway.
    @SuppressWarnings("ReferenceEquality")
    private boolean sharesReplicas(VersionVector other) {
        return replicas == other.replicas;
    }

    /** Calls the visitor once per replica, in replica order. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < replicas.length; i++) {
            visitor.visit(replicas[i], counters[i]);
        }
    }

    /** The replicas with at least one update seen, in their order. */
    public List<ReplicaId> replicas() {
        return List.of(replicas);
    }

    // A cluster has a handful of replicas. For that many a linear search beats a binary search, in which every step
    // compares strings.
    private int indexOf(ReplicaId replica) {
        if (replicas.length > 16) {
            return Arrays.binarySearch(replicas, replica);
        }
        for (int i = 0; i < replicas.length; i++) {
            if (replicas[i].equals(replica)) {
                return i;
            }
        }
        return -1;
    }

    private static void requireCounter(ReplicaId replica, long counter) {
        if (counter < 0) {
            throw new IllegalArgumentException("counter of " + replica + ": " + counter + " (expected: at least 0)");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof VersionVector that
                        && Arrays.equals(counters, that.counters)
                        && Arrays.equals(replicas, that.replicas));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(replicas) + Arrays.hashCode(counters);
    }

    /** For logs: {@code {node1~...=3, node2~...=1}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach((replica, counter) -> text.append(text.length() > 1 ? ", " : "")
                .append(replica)
                .append('=')
                .append(counter));
        return text.append('}').toString();
    }

    /** Receives the entries of a vector. */
    @FunctionalInterface
    public interface Visitor {
        /** @param counter at least 1 */
        void visit(ReplicaId replica, long counter);
    }

    /** Collects entries that are added in ascending replica order. */
    private static final class Builder {
        private final List<ReplicaId> replicas = new ArrayList<>();
        private final List<Long> counters = new ArrayList<>();

        void append(ReplicaId replica, long counter) {
            if (counter > 0) {
                replicas.add(Objects.requireNonNull(replica));
                counters.add(counter);
            }
        }

        VersionVector build() {
            return replicas.isEmpty()
                    ? EMPTY
                    : new VersionVector(
                            replicas.toArray(ReplicaId[]::new),
                            counters.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
