package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.POST;

import dev.hence.core.crdt.Bytes;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonClocks;
import dev.hence.http.json.JsonRequest;
import dev.hence.node.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /batch}: several writes and deletions that become one update, visible all at once everywhere. */
public final class BatchRoutes {

    /**
     * One of them.
     *
     * @param value what is written; null for a deletion
     */
    private record Step(Bytes key, @Nullable Bytes value) {}

    private final Store store;
    private final Bounds bounds;
    private final String nodeId;

    public BatchRoutes(Store store, Bounds bounds, String nodeId) {
        this.store = store;
        this.bounds = bounds;
        this.nodeId = nodeId;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(new Route(
                POST,
                "/batch",
                "Write and delete several keys as one update",
                Set.of(JsonClocks.PARAMETER),
                this::batch));
    }

    private Answer batch(Exchange exchange) throws Exception {
        JsonClocks clocks = JsonClocks.of(exchange.query(), store.members());
        List<Step> steps = JsonRequest.read(exchange.body(bounds.body()), this::steps);
        Store.Committed<Integer> committed = store.write(transaction -> {
            int written = 0;
            for (Step step : steps) {
                if (step.value() != null) {
                    transaction.set(step.key(), step.value());
                    written++;
                } else if (transaction.delete(step.key())) {
                    written++;
                }
            }
            return written;
        });
        return Json.answer(200, committed.clock(), json -> {
            json.writeStartObject();
            json.writeNumberField("written", committed.result());
            clocks.write(json, "vector_clock", committed.clock());
            json.writeStringField("node_id", nodeId);
            json.writeEndObject();
        });
    }

    private List<Step> steps(JsonRequest json) throws IOException {
        List<Step> steps = new ArrayList<>();
        boolean[] given = {false};
        json.object("", "operations", (name, path) -> {
            if (!name.equals("operations")) {
                return false;
            }
            given[0] = true;
            json.list(path, element -> steps.add(step(json, element)));
            return true;
        });
        if (!given[0]) {
            throw JsonRequest.missing("operations");
        }
        return steps;
    }

    private Step step(JsonRequest json, String path) throws IOException {
        Members members = new Members();
        json.object(path, "op, key and, to put, value", (name, memberPath) -> {
            switch (name) {
                case "op" -> members.op = json.text(memberPath);
                case "key" -> members.key = bounds.key(memberPath, json.bytes(memberPath));
                case "value" -> members.value = bounds.value(memberPath, json.bytes(memberPath));
                default -> {
                    return false;
                }
            }
            return true;
        });
        return members.step(path);
    }

    /** The members of one operation as they are read, in whatever order they come. */
    private static final class Members {
        private @Nullable String op;
        private @Nullable Bytes key;
        private @Nullable Bytes value;

        Step step(String path) {
            if (op == null) {
                throw JsonRequest.missing(path + ".op");
            }
            if (key == null) {
                throw JsonRequest.missing(path + ".key");
            }
            return switch (op) {
                case "put" -> {
                    if (value == null) {
                        throw JsonRequest.missing(path + ".value");
                    }
                    yield new Step(key, value);
                }
                case "delete" -> {
                    if (value != null) {
                        throw HttpProblem.badRequest(path + ".value: present (expected: none with \"op\":\"delete\")");
                    }
                    yield new Step(key, null);
                }
                default -> throw HttpProblem.badRequest(path + ".op: \"" + op + "\" (expected: put or delete)");
            };
        }
    }
}
