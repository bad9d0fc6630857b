package dev.hence.system.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that a node exposes of its store: clock, strings with their version tags and siblings, and the
 * fingerprints of all keys.
 *
 * @param clock without zeros
 * @param entries the strings by key
 * @param fingerprints by key, of all types
 */
public record NodeState(Map<String, Long> clock, Map<String, Entry> entries, Map<String, String> fingerprints) {

    /**
     * Siblings are requested key by key; beyond this many keys, only for some. Tags and fingerprints change with them
     * anyway.
     */
    private static final int SIBLINGS_ASKED_MAX = 200;

    private static final int DIFFERENCES_SHOWN_MAX = 20;

    /**
     * One key.
     *
     * @param candidates its concurrent values, the winner first, the others in the order of their dots; empty if not
     *     requested
     */
    public record Entry(String value, String etag, List<Candidate> candidates) {}

    /** One of the concurrent values of a key. */
    public record Candidate(String value, String replica, long counter, long timestampMillis) {}

    /** Reads the state; the node must be idle, because this takes many requests. */
    static NodeState read(NodeApi api) throws IOException, InterruptedException {
        Map<String, Long> clock = api.clock();
        List<JsonNode> items = api.scan("");
        int stride = 1 + items.size() / SIBLINGS_ASKED_MAX;
        Map<String, Entry> entries = new TreeMap<>();
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String key = Json.text(item.path("key"));
            boolean asked = i % stride == 0 && item.path("key").isTextual();
            entries.put(
                    key,
                    new Entry(
                            Json.text(item.path("value")),
                            item.path("etag").asText(),
                            asked ? candidates(api, key) : List.of()));
        }
        Map<String, String> fingerprints = new TreeMap<>();
        for (JsonNode item : api.fingerprints()) {
            fingerprints.put(
                    Json.text(item.path("key")), item.path("fingerprint").asText());
        }
        return new NodeState(clock, entries, fingerprints);
    }

    /** The concurrent values of a key, the winner first; empty if the key is absent. */
    public static List<Candidate> candidates(NodeApi api, String key) throws IOException, InterruptedException {
        HttpAnswer answer = api.siblings(key);
        if (answer.code().equals("key-absent")) {
            return List.of();
        }
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode value : answer.orFail().json().path("values")) {
            boolean winner = value.path("winner").asBoolean();
            if (winner != candidates.isEmpty()) {
                throw new AssertionError("the winner is not the first: " + answer);
            }
            candidates.add(new Candidate(
                    Json.text(value.path("value")),
                    value.path("dot").path("replica").asText(),
                    value.path("dot").path("counter").asLong(),
                    value.path("timestamp_millis").asLong()));
        }
        candidates
                .subList(1, candidates.size())
                .sort(Comparator.comparing(Candidate::replica).thenComparingLong(Candidate::counter));
        return candidates;
    }

    /** The concurrent values of a key without their origins. */
    public static List<String> values(NodeApi api, String key) throws IOException, InterruptedException {
        return candidates(api, key).stream().map(Candidate::value).toList();
    }

    /** The value of a key. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /** The differences to the state of another node; empty if there are none. */
    List<String> differences(NodeState other) {
        List<String> differences = new ArrayList<>();
        if (!clock.equals(other.clock)) {
            differences.add("clock: " + clock + " and " + other.clock);
        }
        compare(entries, other.entries, differences);
        compare(fingerprints, other.fingerprints, differences);
        return differences.subList(0, Math.min(differences.size(), DIFFERENCES_SHOWN_MAX));
    }

    private static <T> void compare(Map<String, T> mine, Map<String, T> theirs, List<String> differences) {
        TreeSet<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        for (String key : keys) {
            if (!Objects.equals(mine.get(key), theirs.get(key))) {
                differences.add(key + ": " + mine.get(key) + " and " + theirs.get(key));
            }
        }
    }
}
