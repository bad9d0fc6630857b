package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;
import static dev.hence.http.exchange.Route.Method.POST;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Bounds;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.Query;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonBytes;
import dev.hence.http.json.JsonClocks;
import dev.hence.http.json.JsonRequest;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The requests of the teaching system that Hence grew from: {@code /}, {@code /write} and {@code /read}. */
public final class OriginalRoutes {

    private static final HttpField VARY_ACCEPT = new HttpField(HttpHeader.VARY, "Accept");

    /** The body of {@code /write}. */
    private record Write(Bytes key, Bytes value) {}

    private final Store store;
    private final Bounds bounds;
    private final String nodeId;
    private final StatusPage page;

    public OriginalRoutes(Store store, Bounds bounds, String nodeId, StatusPage page) {
        this.store = store;
        this.bounds = bounds;
        this.nodeId = nodeId;
        this.page = page;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(
                new Route(
                        GET,
                        "/",
                        "Show the node: its first keys, its clock, its buffered updates",
                        Set.of("after", "limit", JsonClocks.PARAMETER),
                        this::root),
                new Route(POST, "/write", "Write the value of a key", Set.of(JsonClocks.PARAMETER), this::write),
                new Route(GET, "/read", "Read the value of a key", Set.of("key", JsonClocks.PARAMETER), this::read));
    }

    private Answer root(Exchange exchange) {
        Query query = exchange.query();
        NodeStatus status = store.status();
        JsonClocks clocks = JsonClocks.of(query, status.members());
        // Read after the status, so that its clock, which the answer shows, covers all that is shown.
        Store.Reading<Store.Page> keys = ScanRoutes.page(store, query, Bytes.EMPTY);
        if (MediaRanges.preferHtml(exchange.header(HttpHeader.ACCEPT))) {
            return page.answer(status, keys).with(VARY_ACCEPT);
        }
        return Json.answer(200, keys.clock(), json -> {
                    json.writeStartObject();
                    json.writeStringField("node_id", nodeId);
                    json.writeObjectFieldStart("store");
                    for (Store.KeyEntry entry : keys.value().entries()) {
                        json.writeFieldName(JsonBytes.name(entry.key()));
                        KeysJson.writeValue(json, entry.head());
                    }
                    json.writeEndObject();
                    clocks.write(json, "vector_clock", keys.clock());
                    StatusJson.writeBuffered(json, status.buffered());
                    KeysJson.writeNext(json, keys.value());
                    json.writeEndObject();
                })
                .with(VARY_ACCEPT);
    }

    private Answer write(Exchange exchange) throws Exception {
        JsonClocks clocks = JsonClocks.of(exchange.query(), store.members());
        Write write = JsonRequest.read(exchange.body(bounds.body()), this::parse);
        Store.Committed<Boolean> committed = store.write(transaction -> {
            transaction.set(write.key(), write.value());
            return true;
        });
        return Json.answer(200, committed.clock(), json -> {
            json.writeStartObject();
            json.writeStringField("status", "ok");
            JsonBytes.write(json, "key", write.key());
            JsonBytes.write(json, "value", write.value());
            json.writeStringField("node_id", nodeId);
            json.writeObjectFieldStart("store");
            JsonBytes.write(json, JsonBytes.name(write.key()), write.value());
            json.writeEndObject();
            clocks.write(json, "vector_clock", committed.clock());
            json.writeEndObject();
        });
    }

    private Write parse(JsonRequest json) throws IOException {
        @Nullable Bytes[] members = new @Nullable Bytes[2];
        json.object("", "key, value", (name, path) -> {
            switch (name) {
                case "key" -> members[0] = bounds.key(path, json.bytes(path));
                case "value" -> members[1] = bounds.value(path, json.bytes(path));
                default -> {
                    return false;
                }
            }
            return true;
        });
        Bytes key = members[0];
        Bytes value = members[1];
        if (key == null || value == null) {
            throw JsonRequest.missing(key == null ? "key" : "value");
        }
        return new Write(key, value);
    }

    private Answer read(Exchange exchange) {
        byte[] given = exchange.query().bytes("key");
        if (given == null) {
            throw JsonRequest.missing("key");
        }
        Bytes key = bounds.key("key", given);
        JsonClocks clocks = JsonClocks.of(exchange.query(), store.members());
        Store.Reading<KeyHead> reading = store.read(key);
        Bytes value = KeysJson.stringValue(reading.value());
        if (value == null) {
            return Problems.answer(KeyRoutes.noString(key, reading.value()), reading.clock());
        }
        return Json.answer(200, reading.clock(), json -> {
            json.writeStartObject();
            JsonBytes.write(json, "key", key);
            JsonBytes.write(json, "value", value);
            clocks.write(json, "vector_clock", reading.clock());
            json.writeEndObject();
        });
    }
}
