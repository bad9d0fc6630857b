package dev.hence.http.api;

import static dev.hence.http.exchange.Route.Method.GET;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.Route;
import dev.hence.http.json.Json;
import dev.hence.http.json.JsonBytes;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
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
                "List keys with a digest of the content of each, to compare nodes",
                Set.of("after", "limit", JsonClocks.PARAMETER),
                this::page));
    }

    /** One key of a page. */
    private record Item(Bytes key, KeyHead head, String fingerprint) {}

    private Answer page(Exchange exchange) {
        JsonClocks clocks = JsonClocks.of(exchange.query(), store.members());
        Store.Reading<Store.Page> page = ScanRoutes.page(store, exchange.query(), Bytes.EMPTY);
        Store.Reading<List<Item>> reading = store.read(view -> page.value().entries().stream()
                .map(entry -> item(view, entry))
                .filter(item -> item.head().type() != null)
                .toList());
        VersionVector clock = page.clock().join(reading.clock());
        return Json.answer(200, clock, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (Item item : reading.value()) {
                write(json, item);
            }
            json.writeEndArray();
            KeysJson.writeNext(json, page.value());
            clocks.write(json, "vector_clock", clock);
            json.writeEndObject();
        });
    }

    /** A string is whole in its head, which the page has: large values are not read again. */
    private static Item item(View view, Store.KeyEntry entry) {
        KeyHead head = entry.head().collections().isEmpty() ? entry.head() : view.visible(entry.key());
        return new Item(entry.key(), head, KeyFingerprint.of(view, entry.key(), head));
    }

    private static void write(JsonGenerator json, Item item) throws IOException {
        KeyHead head = item.head();
        DataType type = Objects.requireNonNull(head.type());
        long deadlineMillis = head.deadlineMillis();
        json.writeStartObject();
        JsonBytes.write(json, "key", item.key());
        json.writeStringField("type", type.toString());
        json.writeNumberField(
                "size", type == DataType.STRING ? 1 : head.collection(type).count());
        if (deadlineMillis == Deadlines.NONE) {
            json.writeNullField("deadline_millis");
        } else {
            json.writeNumberField("deadline_millis", deadlineMillis);
        }
        json.writeStringField("fingerprint", item.fingerprint());
        json.writeEndObject();
    }
}
