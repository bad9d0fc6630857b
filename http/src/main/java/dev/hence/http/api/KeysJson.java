package dev.hence.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.Decimals;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.update.Operation;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.json.JsonBytes;
import dev.hence.http.json.JsonClocks;
import dev.hence.node.store.Store;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Keys, their values, and operations on them, as JSON; and the cursors of lists of keys. */
final class KeysJson {

    private static final int SHOWN_CHARS_MAX = 100;

    private KeysJson() {}

    /** A key for people, in the detail of a problem. */
    static String shown(Bytes key) {
        String name = JsonBytes.name(key);
        return name.length() <= SHOWN_CHARS_MAX ? name : name.substring(0, SHOWN_CHARS_MAX) + "...";
    }

    /** The string that a key shows; null if it shows none. */
    static @Nullable Bytes stringValue(KeyHead shown) {
        return shown.type() == DataType.STRING ? shown.value() : null;
    }

    /** A key of a list: what it is, and value and version tag if it is a string. */
    static void write(JsonGenerator json, Store.KeyEntry entry) throws IOException {
        json.writeStartObject();
        JsonBytes.write(json, "key", entry.key());
        json.writeFieldName("value");
        writeValue(json, entry.head());
        json.writeStringField("type", String.valueOf(entry.head().type()));
        json.writeStringField("etag", '"' + entry.head().string().versionTag() + '"');
        json.writeEndObject();
    }

    /** The string that a key shows; null for another type. */
    static void writeValue(JsonGenerator json, KeyHead shown) throws IOException {
        Bytes value = stringValue(shown);
        if (value == null) {
            json.writeNull();
        } else {
            JsonBytes.write(json, value);
        }
    }

    /** The members {@code key}, {@code etag} and {@code values}, the winner first, of a string. */
    static void writeSiblings(JsonGenerator json, Bytes key, Cell string) throws IOException {
        JsonBytes.write(json, "key", key);
        json.writeStringField("etag", '"' + string.versionTag() + '"');
        json.writeArrayFieldStart("values");
        boolean winner = true;
        for (MvRegister.Entry entry : string.candidates()) {
            json.writeStartObject();
            JsonBytes.write(json, "value", entry.value());
            json.writeStringField("node_id", entry.dot().replica().name());
            JsonClocks.write(json, "dot", entry.dot());
            json.writeNumberField("timestamp_millis", HybridLogicalClock.wallMillis(entry.timestamp()));
            json.writeBooleanField("winner", winner);
            json.writeEndObject();
            winner = false;
        }
        json.writeEndArray();
    }

    /** The member {@code next}: where the list goes on, null at its end. */
    static void writeNext(JsonGenerator json, Store.Page page) throws IOException {
        if (page.next() != null) {
            json.writeStringField("next", cursor(page.next()));
        } else {
            json.writeNullField("next");
        }
    }

    private static String cursor(Bytes key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.array());
    }

    /**
     * The key that a cursor stands for; null for none.
     *
     * @throws HttpProblem if it is none
     */
    static @Nullable Bytes afterCursor(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return Bytes.wrap(Base64.getUrlDecoder().decode(cursor));
        } catch (IllegalArgumentException malformed) {
            throw HttpProblem.badRequest("after: \"" + cursor + "\" (expected: the last \"next\")");
        }
    }

    /** An operation of an update, with its value or without. */
    static void write(JsonGenerator json, Operation operation, boolean withValue) throws IOException {
        json.writeStartObject();
        switch (operation) {
            case Operation.SetString set -> {
                start(json, "put", set.key());
                if (withValue) {
                    JsonBytes.write(json, "value", set.value());
                }
                if (set.deadlineMillis() != Deadlines.NONE) {
                    writeDeadline(json, set.deadlineMillis());
                }
            }
            case Operation.DeleteKey delete -> start(json, "delete", delete.key());
            case Operation.Assign assign -> {
                element(json, "assign", assign.key(), assign.type(), assign.element());
                if (withValue) {
                    JsonBytes.write(json, "value", assign.value());
                }
            }
            case Operation.Remove remove -> element(json, "remove", remove.key(), remove.type(), remove.element());
            case Operation.Increment increment -> {
                element(json, "increment", increment.key(), increment.type(), increment.element());
                JsonBytes.write(json, "delta", Decimals.canonical(increment.delta()));
            }
            case Operation.Expire expire -> {
                start(json, "expire", expire.key());
                writeDeadline(json, expire.deadlineMillis());
            }
            case Operation.Publish publish -> {
                start(json, "publish", publish.channel());
                if (withValue) {
                    JsonBytes.write(json, "value", publish.message());
                }
            }
        }
        json.writeEndObject();
    }

    private static void start(JsonGenerator json, String op, Bytes key) throws IOException {
        json.writeStringField("op", op);
        JsonBytes.write(json, "key", key);
    }

    private static void element(JsonGenerator json, String op, Bytes key, DataType type, Bytes element)
            throws IOException {
        start(json, op, key);
        json.writeStringField("type", type.toString());
        if (type != DataType.STRING) {
            JsonBytes.write(json, "element", element);
        }
    }

    /** The member {@code deadline_millis}: null for none, -1 for the one that was there. */
    private static void writeDeadline(JsonGenerator json, long millis) throws IOException {
        if (millis == Deadlines.NONE) {
            json.writeNullField("deadline_millis");
        } else {
            json.writeNumberField("deadline_millis", millis);
        }
    }
}
