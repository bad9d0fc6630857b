package dev.hence.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.system.cluster.NodeApi;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A reader that repeatedly reads chains of keys at one node. The writer of each key had seen the previous one, so a
 * reader that sees a key must see all before it, in the same snapshot and in later reads.
 */
final class ChainReader {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final NodeApi api;
    private final int chains;
    private final int steps;
    private final AtomicLong bufferedMax = new AtomicLong();
    private final Repetition repetition;

    private ChainReader(NodeApi api, int chains, int steps) {
        this.api = api;
        this.chains = chains;
        this.steps = steps;
        this.repetition = Repetition.start("chains at " + api.base(), PAUSE, this::look);
    }

    static ChainReader start(NodeApi api, int chains, int steps) {
        return new ChainReader(api, chains, steps);
    }

    /** The key of one step of one chain. */
    static String key(int chain, int step) {
        return "chain/" + chain + "/" + step;
    }

    private void look() throws IOException, InterruptedException {
        bufferedMax.accumulateAndGet(api.status().path("buffered_count").asLong(), Math::max);
        lookAtSnapshot();
        lookOneByOne();
    }

    private void lookAtSnapshot() throws IOException, InterruptedException {
        Set<String> present = new HashSet<>();
        JsonNode page = api.get("/kv?limit=1000&prefix=chain/").orFail().json();
        page.path("items").forEach(item -> present.add(item.path("key").asText()));
        for (int chain = 0; chain < chains; chain++) {
            for (int step = 1; step < steps; step++) {
                if (present.contains(key(chain, step)) && !present.contains(key(chain, step - 1))) {
                    throw new AssertionError(api.base() + " shows " + key(chain, step) + " without its cause: " + page);
                }
            }
        }
    }

    private void lookOneByOne() throws IOException, InterruptedException {
        for (int chain = 0; chain < chains; chain++) {
            int step = steps - 1;
            while (step > 0 && !api.read(key(chain, step)).ok()) {
                step--;
            }
            if (step > 0 && !api.read(key(chain, step - 1)).ok()) {
                throw new AssertionError(api.base() + " shows " + key(chain, step) + " without its cause");
            }
        }
    }

    /** The maximum number of updates that it has seen waiting at the node. */
    long bufferedMax() {
        return bufferedMax.get();
    }

    /** Its thread, which has failed if it ever saw an effect without its cause. */
    Repetition repetition() {
        return repetition;
    }
}
