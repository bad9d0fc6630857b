package dev.hence.core.clock;

/**
 * The unique name of one update: a replica and the counter of the update at that replica.
 *
 * @param replica the origin of the update
 * @param counter 1 for the replica's first update, incremented by one for each further update
 */
public record Dot(ReplicaId replica, long counter) implements Comparable<Dot> {

    /** @throws IllegalArgumentException if the counter is less than 1 */
    public Dot {
        if (counter < 1) {
            throw new IllegalArgumentException("dot counter: " + counter + " (expected: at least 1)");
        }
    }

    /** Returns the dot of the same replica's next update. */
    public Dot next() {
        return new Dot(replica, counter + 1);
    }

    @Override
    public int compareTo(Dot other) {
        int byReplica = replica.compareTo(other.replica);
        return byReplica != 0 ? byReplica : Long.compare(counter, other.counter);
    }

    @Override
    public String toString() {
        return replica + ":" + counter;
    }
}
