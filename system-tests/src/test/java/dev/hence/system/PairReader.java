package dev.hence.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.Json;
import dev.hence.system.cluster.NodeApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A reader that repeatedly reads all pairs of a {@link WriteLoad} in one snapshot of one node: both keys of a pair are
 * only ever written together, so both must hold the same.
 */
final class PairReader {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final NodeApi api;
    private final AtomicLong pairsSeen = new AtomicLong();
    private final Repetition repetition;

    private PairReader(NodeApi api) {
        this.api = api;
        this.repetition = Repetition.start("pairs at " + api.base(), PAUSE, this::look);
    }

    static PairReader start(NodeApi api) {
        return new PairReader(api);
    }

    private void look() throws InterruptedException {
        HttpAnswer answer;
        try {
            answer = api.get("/kv?limit=1000&prefix=" + NodeApi.encoded(WriteLoad.PAIRS));
        } catch (IOException killed) {
            return;
        }
        if (!answer.ok()) {
            return;
        }
        Map<String, String> values = new TreeMap<>();
        for (JsonNode item : answer.json().path("items")) {
            values.put(Json.text(item.path("key")), Json.text(item.path("value")));
        }
        values.forEach((key, value) -> {
            String partner = key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a");
            if (!value.equals(values.get(partner))) {
                throw new AssertionError(api.base() + " shows half a batch: " + key + "=" + value + ", " + partner + "="
                        + values.get(partner));
            }
        });
        pairsSeen.addAndGet(values.size() / 2);
    }

    /** The number of pairs that it has read. */
    long pairsSeen() {
        return pairsSeen.get();
    }

    /** Its thread, which has failed if it ever saw half a batch. */
    Repetition repetition() {
        return repetition;
    }
}
