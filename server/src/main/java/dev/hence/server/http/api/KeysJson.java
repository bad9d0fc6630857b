package dev.hence.server.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import dev.hence.core.update.Operation;
import dev.hence.server.http.exchange.HttpProblem;
import dev.hence.server.http.json.JsonBytes;
import dev.hence.server.http.json.JsonClocks;
import dev.hence.server.runtime.Store;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys, their values, and operations on them, as JSON; and the cursors with which lists of keys go on. */
final class KeysJson {

    private static final int SHOWN_CHARS_MAX = 100;

    private KeysJson() {}

    /** A key for people, in the detail of a problem. */
    static String shown(Bytes key) {
        String name = JsonBytes.name(key);
        return name.length() <= SHOWN_CHARS_MAX ? name : name.substring(0, SHOWN_CHARS_MAX) + "...";
    }

    /** The members {@code key}, {@code etag} and {@code values}, the winner first. */
    static void writeSiblings(JsonGenerator json, Bytes key, Register register) throws IOException {
        JsonBytes.write(json, "key", key);
        json.writeStringField("etag", '"' + register.versionTag() + '"');
        json.writeArrayFieldStart("values");
        boolean winner = true;
        for (Register.Entry entry : register.entries()) {
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
        List<Store.KeyEntry> entries = page.entries();
        if (page.more()) {
            json.writeStringField("next", cursor(entries.getLast().key()));
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
                json.writeStringField("op", "put");
                JsonBytes.write(json, "key", set.key());
                if (withValue) {
                    JsonBytes.write(json, "value", set.value());
                }
            }
            case Operation.DeleteKey delete -> {
                json.writeStringField("op", "delete");
                JsonBytes.write(json, "key", delete.key());
            }
        }
        json.writeEndObject();
    }
}
