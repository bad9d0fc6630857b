package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;

/**
 * One update as its origin made it. A trace has exactly one object for each update, so updates may be compared by
 * identity; two objects of one name are two updates under one dot.
 *
 * @param id the number of the update in its trace, from 0, in the order in which updates were made
 * @param node the number of the node that made it
 * @param replica the identity of its origin, {@code name~incarnation}
 * @param counter the replica's counter: replica and counter are the dot
 * @param context the updates that it claims happened before it: the largest counter of each replica
 * @param timestamp hybrid logical time at the origin
 * @param wallMillis the origin's wall clock when it was made
 * @param changes its changes, at most one for each key, deadline and element
 */
public record TracedUpdate(
        int id,
        int node,
        String replica,
        long counter,
        Map<String, Long> context,
        long timestamp,
        long wallMillis,
        List<Change> changes) {
    /** The update's name. */
    public String dot() {
        return replica + ":" + counter;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return id;
    }
}
