package dev.hence.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.Json;
import dev.hence.system.cluster.NodeApi;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A reader that looks again and again at all pairs of a {@link WriteLoad} in one snapshot of one node: as both
 * keys of a pair are only ever written together, both must hold the same.
 */
final class PairReader implements AutoCloseable {

    private final NodeApi api;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long pairsSeen;
    private volatile Optional<Throwable> failure = Optional.empty();

    private PairReader(NodeApi api) {
        this.api = api;
        this.thread = Thread.ofVirtual().name("pairs of " + api.base()).unstarted(this::run);
    }

    static PairReader start(NodeApi api) {
        PairReader reader = new PairReader(api);
        reader.thread.start();
        return reader;
    }

    private void run() {
        try {
            while (!stopped) {
                try {
                    look();
                } catch (IOException down) {
                    // The node was killed; it comes back.
                }
            }
        } catch (InterruptedException | RuntimeException | AssertionError failed) {
            failure = Optional.of(failed);
        }
    }

    private void look() throws IOException, InterruptedException {
        JsonNode page = api.get("/kv?limit=1000&prefix=" + NodeApi.encoded(WriteLoad.PAIRS))
                .json();
        Map<String, String> values = new TreeMap<>();
        page.path("items").forEach(item -> values.put(Json.text(item.path("key")), Json.text(item.path("value"))));
        values.forEach((key, value) -> {
            String partner = key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a");
            if (!value.equals(values.get(partner))) {
                throw new AssertionError(api.base() + " shows half a batch: " + key + "=" + value + ", " + partner + "="
                        + values.get(partner));
            }
        });
        pairsSeen += values.size() / 2;
    }

    /** How many pairs it has looked at. */
    long pairsSeen() {
        return pairsSeen;
    }

    /** Ends it; fails if it ever saw half a batch. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        if (failure.isPresent()) {
            throw new AssertionError("a reader failed", failure.get());
        }
    }
}
