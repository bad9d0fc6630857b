package dev.hence.server.http.api;

import static dev.hence.server.http.exchange.Route.Method.GET;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.DataType;
import dev.hence.core.datatype.Deadlines;
import dev.hence.core.datatype.KeyHead;
import dev.hence.server.http.exchange.Answer;
import dev.hence.server.http.exchange.Exchange;
import dev.hence.server.http.exchange.Route;
import dev.hence.server.http.json.Json;
import dev.hence.server.http.json.JsonBytes;
import dev.hence.server.http.json.JsonClocks;
import dev.hence.server.runtime.Store;
import java.util.List;
import java.util.Set;

/**
 * {@code /fingerprints}: every key with its type, size, deadline and a digest of all it holds, page by page, so that
 * nodes can be compared without their values going over the network.
 */
public final class FingerprintRoutes {

    private final Store store;

    public FingerprintRoutes(Store store) {
        this.store = store;
    }

    /** What is answered here. */
    public List<Route> routes() {
        return List.of(new Route(
                GET,
                "/fingerprints",
                "List keys with a digest of all that each holds, to compare nodes",
                Set.of("after", "limit", JsonClocks.PARAMETER),
                this::page));
    }

    /** One key of a page. */
    private record Item(Store.KeyEntry entry, String fingerprint) {}

    private Answer page(Exchange exchange) {
        JsonClocks clocks = JsonClocks.of(exchange.query(), store.members());
        Store.Page page = ScanRoutes.page(store, exchange.query(), Bytes.EMPTY).value();
        Store.Reading<List<Item>> reading = store.read(view -> page.entries().stream()
                .map(entry -> new Item(
                        new Store.KeyEntry(entry.key(), view.head(entry.key())), KeyFingerprint.of(view, entry.key())))
                .toList());
        return Json.answer(200, reading.clock(), json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (Item item : reading.value()) {
                KeyHead head = item.entry().head();
                DataType type = head.type();
                long deadlineMillis = head.deadlines().latest();
                json.writeStartObject();
                JsonBytes.write(json, "key", item.entry().key());
                json.writeStringField("type", type == null ? "none" : type.toString());
                json.writeNumberField(
                        "size",
                        type == null || type == DataType.STRING
                                ? 1
                                : head.collection(type).count());
                if (deadlineMillis == Deadlines.NONE) {
                    json.writeNullField("deadline_millis");
                } else {
                    json.writeNumberField("deadline_millis", deadlineMillis);
                }
                json.writeStringField("fingerprint", item.fingerprint());
                json.writeEndObject();
            }
            json.writeEndArray();
            KeysJson.writeNext(json, page);
            clocks.write(json, "vector_clock", reading.clock());
            json.writeEndObject();
        });
    }
}
