package dev.hence.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the list of all keys with their fingerprints.
 *
 * @param items in the order of keys as unsigned bytes
 * @param next where the next page begins, for {@link HenceClient#fingerprints}; empty on the last page
 * @param vectorClock the node's clock when the page was read
 */
public record FingerprintPage(List<KeyFingerprint> items, Optional<String> next, Map<String, Long> vectorClock) {

    /** Copies the list; the map is taken as it is. */
    public FingerprintPage {
        items = List.copyOf(items);
    }
}
