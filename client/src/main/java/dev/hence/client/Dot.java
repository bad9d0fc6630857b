package dev.hence.client;

/**
 * The unique name of one update: a replica and a counter.
 *
 * @param replica the node that made it with its incarnation, as {@code node1~00c0ffee00c0ffee}
 * @param nodeId the same as people are shown it, {@code node1} as long as that is unambiguous
 * @param counter 1 for the replica's first update
 */
public record Dot(String replica, String nodeId, long counter) {

    /** As {@code node1:5}. */
    @Override
    public String toString() {
        return nodeId + ":" + counter;
    }
}
