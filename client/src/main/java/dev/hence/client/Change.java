package dev.hence.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One update, as the change feed shows it.
 *
 * @param dot the update's name
 * @param vectorClock the updates it was made on, itself included
 * @param writtenAt when it was made, by the clock of the node that took it
 * @param operations what it changes; all of it became visible at once
 * @param token where to go on after this update, at any node, for {@link HenceClient#changes}
 */
public record Change(
        Dot dot, Map<String, Long> vectorClock, Instant writtenAt, List<Operation> operations, String token) {

    /** Copies the list; the map is taken as it is. */
    public Change {
        operations = List.copyOf(operations);
    }
}
