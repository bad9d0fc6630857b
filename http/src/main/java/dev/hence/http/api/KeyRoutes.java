package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.DELETE;
import static dev.hence.http.exchange.Route.Method.GET;
import static dev.hence.http.exchange.Route.Method.PUT;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.replica.Transaction;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Preconditions;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.store.Store;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * {@code /kv/{key}}: the value of one key as raw bytes, and its siblings.
 *
 * <p>Conditions of writes are decided inside the transaction, where nothing can come between the decision
 * and the write.
 */
public final class KeyRoutes {

    private static final String VALUE_TYPE = "application/octet-stream";
    private static final String SIBLINGS = "siblings";

    private final Store store;
    private final Bounds bounds;

    public KeyRoutes(Store store, Bounds bounds) {
        this.store = store;
        this.bounds = bounds;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(
                new Route(
                        GET,
                        "/kv/{key}",
                        "Read the value of a key, or all its concurrent values",
                        Set.of(SIBLINGS, JsonClocks.PARAMETER),
                        this::get),
                Route.of(PUT, "/kv/{key}", "Write the value of a key", this::put),
                Route.of(DELETE, "/kv/{key}", "Delete a key", this::delete));
    }

    private Answer get(Exchange exchange) {
        Bytes key = key(exchange);
        Preconditions conditions = exchange.preconditions();
        boolean siblings = exchange.query().flag(SIBLINGS, false);
        Store.Reading<KeyHead> reading = store.read(key);
        Bytes value = KeysJson.stringValue(reading.value());
        if (value == null && reading.value().type() != null) {
            return Problems.answer(noString(key, reading.value()), reading.clock());
        }
        Cell string = value == null ? Cell.EMPTY : reading.value().string();
        String tag = string.versionTag();
        if (!conditions.matchAllows(tag)) {
            return preconditionFailed(tag, reading.clock());
        }
        if (value == null) {
            return Problems.answer(noString(key, reading.value()), reading.clock());
        }
        if (!conditions.noneMatchAllows(tag)) {
            return Answer.empty(304, reading.clock()).with(etag(tag));
        }
        Answer answer = siblings
                ? siblings(key, string, reading.clock(), JsonClocks.of(exchange.query(), store.members()))
                : Answer.whole(200, reading.clock(), VALUE_TYPE, value);
        return answer.with(etag(tag));
    }

    private static Answer siblings(Bytes key, Cell string, VersionVector clock, JsonClocks clocks) {
        return Json.answer(200, clock, json -> {
            json.writeStartObject();
            KeysJson.writeSiblings(json, key, string);
            clocks.write(json, "vector_clock", clock);
            json.writeEndObject();
        });
    }

    private Answer put(Exchange exchange) throws Exception {
        Bytes key = key(exchange);
        Preconditions conditions = exchange.preconditions();
        Bytes value = bounds.value("value", exchange.body(bounds.valueBody()));
        Store.Committed<String> committed = store.write(transaction -> {
            String before = tagBefore(transaction, key, conditions);
            if (conditions.allow(before)) {
                transaction.set(key, value);
            }
            return before;
        });
        Store.Stamp update = committed.update();
        if (update == null) {
            return preconditionFailed(committed.result(), committed.clock());
        }
        // The writer had seen all there was here, so its value is the only one left.
        String tag = MvRegister.of(new MvRegister.Entry(update.dot(), update.timestamp(), value))
                .versionTag();
        return Answer.empty(204, committed.clock()).with(etag(tag));
    }

    private Answer delete(Exchange exchange) throws Exception {
        Bytes key = key(exchange);
        Preconditions conditions = exchange.preconditions();
        Store.Committed<Deletion> committed = store.write(transaction -> {
            String before = tagBefore(transaction, key, conditions);
            boolean allowed = conditions.allow(before);
            return new Deletion(before, allowed, allowed && transaction.delete(key));
        });
        Deletion deletion = committed.result();
        if (!deletion.allowed()) {
            return preconditionFailed(deletion.before(), committed.clock());
        }
        return deletion.deleted()
                ? Answer.empty(204, committed.clock())
                : Problems.answer(noString(key, KeyHead.EMPTY), committed.clock());
    }

    /**
     * What became of a deletion.
     *
     * @param before the version tag it was decided on
     * @param deleted whether the key showed anything; what is left of an expired one is removed as well
     */
    private record Deletion(String before, boolean allowed, boolean deleted) {}

    /** The version tag to decide on; an unconditional write does not look, which saves it a read. */
    private static String tagBefore(Transaction transaction, Bytes key, Preconditions conditions) {
        if (!conditions.exist()) {
            return "";
        }
        KeyHead shown = transaction.visible(key);
        if (shown.type() != null && shown.type() != DataType.STRING) {
            throw noString(key, shown);
        }
        return shown.type() == null ? "" : shown.string().versionTag();
    }

    private Bytes key(Exchange exchange) {
        return bounds.key("key", exchange.pathParameter());
    }

    /** What readers of strings are told of a key that shows none. */
    static HttpProblem noString(Bytes key, KeyHead shown) {
        String name = "key: \"" + KeysJson.shown(key) + "\"";
        return shown.type() == null
                ? new HttpProblem(ErrorCode.KEY_ABSENT, name + " has no value")
                : new HttpProblem(ErrorCode.WRONG_TYPE, name + " holds a " + shown.type() + " (expected: string)");
    }

    private static Answer preconditionFailed(String tag, VersionVector clock) {
        String present = tag.isEmpty() ? "the key has no value" : "the current tag is \"" + tag + "\"";
        HttpProblem problem = new HttpProblem(ErrorCode.PRECONDITION_FAILED, present);
        return Problems.answer(tag.isEmpty() ? problem : problem.withHeader(etag(tag)), clock);
    }

    private static HttpField etag(String tag) {
        return new HttpField(HttpHeader.ETAG, '"' + tag + '"');
    }
}
