package dev.hence.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All concurrent values of a key.
 *
 * @param key the key
 * @param tag the version tag of all of them, for {@link Condition#ifTag}
 * @param values the winner first, which is what {@link HenceClient#get(Bytes)} shows; never empty
 * @param vectorClock the clock of the node that answered: how many updates of each node it reflects
 */
public record Siblings(Bytes key, String tag, List<Sibling> values, Map<String, Long> vectorClock) {

    /** Copies the list; the map is taken as it is. */
    public Siblings {
        values = List.copyOf(values);
    }

    /** The value that readers see. */
    public Sibling winner() {
        return values.getFirst();
    }

    /**
     * One of the concurrent values.
     *
     * @param value the value
     * @param dot the update that wrote it
     * @param writtenAt when, by the clock of the node that took the write
     * @param winner whether readers see this one
     */
    public record Sibling(Bytes value, Dot dot, Instant writtenAt, boolean winner) {}
}
