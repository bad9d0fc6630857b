package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;

import dev.hence.core.crdt.Bytes;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.Query;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.store.Store;
import java.util.List;
import java.util.Set;

/**
 * {@code /kv}: the keys with a prefix and, where they hold strings, their values, page by page. A page is bounded
 * in keys and in bytes, whichever comes first.
 */
public final class ScanRoutes {

    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final long PAGE_BYTES = 4L << 20;

    private final Store store;

    public ScanRoutes(Store store) {
        this.store = store;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(new Route(
                GET,
                "/kv",
                "List keys and their values in key order",
                Set.of("prefix", "after", "limit", JsonClocks.PARAMETER),
                this::scan));
    }

    private Answer scan(Exchange exchange) {
        Query query = exchange.query();
        JsonClocks clocks = JsonClocks.of(query, store.members());
        byte[] prefix = query.bytes("prefix");
        Store.Reading<Store.Page> reading = page(store, query, prefix == null ? Bytes.EMPTY : Bytes.wrap(prefix));
        return Json.answer(200, reading.clock(), json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (Store.KeyEntry entry : reading.value().entries()) {
                KeysJson.write(json, entry);
            }
            json.writeEndArray();
            KeysJson.writeNext(json, reading.value());
            clocks.write(json, "vector_clock", reading.clock());
            json.writeEndObject();
        });
    }

    /** The page that {@code after} and {@code limit} ask for. */
    static Store.Reading<Store.Page> page(Store store, Query query, Bytes prefix) {
        return store.scan(
                prefix,
                KeysJson.afterCursor(query.text("after")),
                query.number("limit", 1, LIMIT_MAX, LIMIT_DEFAULT),
                PAGE_BYTES);
    }
}
