package dev.hence.system.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hence.simulator.history.Transaction;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import dev.hence.system.cluster.HttpAnswer;
import dev.hence.system.cluster.Json;
import dev.hence.system.cluster.NodeApi;
import dev.hence.system.cluster.WriteOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of one session, carried from node to node, that adds each request to a history once the outcome is known.
 *
 * <p>A write that may or may not have happened is recorded as unknown. Definitely rejected writes and unanswered reads
 * are left out. Every value is written once in the whole history: it is the session's name with a number that is never
 * reused, even if the write was rejected.
 *
 * <p>Not thread-safe; many clients may share a thread-safe history. It then has the requests of each session in order,
 * because a client sends a request only after it has recorded the previous one.
 */
public final class RecordingClient {

    /** The origin of time for all clients of a run. */
    private static final long BEGIN_NANOS = System.nanoTime();

    /** How long a node may wait for what the session has seen. */
    private static final String WAIT = "200ms";

    private final String session;
    private final Consumer<Transaction> history;
    private String node;
    private NodeApi api;
    private String token = "";
    private long valuesUsed;

    /**
     * @param session its name, unique in the history
     * @param node the name of the node that is asked first
     */
    public RecordingClient(String session, String node, NodeApi api, Consumer<Transaction> history) {
        this.session = session;
        this.node = node;
        this.api = api;
        this.history = history;
    }

    /** Sends requests to this node from now on, in the same session. */
    public void moveTo(String node, NodeApi api) {
        this.node = node;
        this.api = api;
    }

    /**
     * Reads a key.
     *
     * @return whether it was answered
     */
    public boolean read(String key) throws InterruptedException {
        return read(NodeApi.keyPath(key), answer -> List.of(new Access(key, answer.ok() ? answer.text() : null)));
    }

    /**
     * Reads keys in one snapshot.
     *
     * @param prefix the common prefix of these keys; at most a page of keys has it
     * @return whether it was answered
     */
    public boolean readSnapshot(String prefix, Collection<String> keys) throws InterruptedException {
        return read("/kv?limit=1000&prefix=" + NodeApi.encoded(prefix), answer -> accesses(answer.json(), keys));
    }

    private static List<Access> accesses(JsonNode page, Collection<String> keys) {
        if (!page.path("next").isNull()) {
            throw new AssertionError("snapshot: several pages (expected: one): " + page);
        }
        Map<String, String> values = new HashMap<>();
        for (JsonNode item : page.path("items")) {
            values.put(Json.text(item.path("key")), Json.text(item.path("value")));
        }
        return keys.stream().map(key -> new Access(key, values.get(key))).toList();
    }

    private boolean read(String path, Function<HttpAnswer, List<Access>> reads) throws InterruptedException {
        long startMicros = micros();
        HttpAnswer answer;
        try {
            answer = api.get(path, headers());
        } catch (IOException unanswered) {
            return false;
        }
        if (answer.ok() || answer.code().equals("key-absent")) {
            token = answer.session();
            record(Status.OK, startMicros, micros(), reads.apply(answer), List.of());
            return true;
        }
        if (!answer.json().path("definite").asBoolean()) {
            throw new AssertionError("a read that is refused, but not definitely: " + answer);
        }
        return false;
    }

    /** Writes a new value to a key. */
    public WriteOutcome write(String key) throws InterruptedException {
        String value = newValue();
        long startMicros = micros();
        WriteOutcome outcome = api.tryWrite(key, value, headers());
        return record(startMicros, List.of(new Access(key, value)), outcome);
    }

    /** Writes a new value to each of these keys, as one update. */
    public WriteOutcome writeAll(Collection<String> keys) throws InterruptedException {
        Map<String, String> values = new LinkedHashMap<>();
        List<Access> writes = new ArrayList<>();
        for (String key : keys) {
            String value = newValue();
            values.put(key, value);
            writes.add(new Access(key, value));
        }
        long startMicros = micros();
        return record(startMicros, writes, api.tryWriteAll(values, headers()));
    }

    private WriteOutcome record(long startMicros, List<Access> writes, WriteOutcome outcome) {
        switch (outcome) {
            case WriteOutcome.Acknowledged(var answer) -> {
                token = answer.session();
                record(Status.OK, startMicros, micros(), List.of(), writes);
            }
            case WriteOutcome.Refused refused -> {}
            case WriteOutcome.Unknown unclear -> record(Status.UNKNOWN, startMicros, null, List.of(), writes);
        }
        return outcome;
    }

    private void record(
            Status status, long startMicros, @Nullable Long endMicros, List<Access> reads, List<Access> writes) {
        history.accept(new Transaction(session, status, node, startMicros, endMicros, reads, writes));
    }

    private String newValue() {
        valuesUsed++;
        return session + "/" + valuesUsed;
    }

    private String[] headers() {
        return token.isEmpty()
                ? new String[] {"Hence-Wait", WAIT}
                : new String[] {"Hence-Wait", WAIT, "Hence-Session", token};
    }

    private static long micros() {
        return (System.nanoTime() - BEGIN_NANOS) / 1_000;
    }
}
