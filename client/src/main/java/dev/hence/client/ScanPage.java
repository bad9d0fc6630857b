package dev.hence.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a scan: keys in order, all from one snapshot of one node.
 *
 * @param items the keys with their values, in the order of unsigned bytes
 * @param next where the next page begins, for {@link HenceClient#scanPage}; empty on the last page
 * @param vectorClock the clock of the snapshot: how many updates of each node it reflects
 */
public record ScanPage(List<KeyValue> items, Optional<String> next, Map<String, Long> vectorClock) {

    /** Copies the list; the map is taken as it is. */
    public ScanPage {
        items = List.copyOf(items);
    }
}
