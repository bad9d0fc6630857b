package dev.hence.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.crdt.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values, which are bytes, as JSON: a string if they are UTF-8, {@code {"base64":"..."}}
 * otherwise.
 */
public final class JsonBytes {

    private static final char REPLACEMENT = '\uFFFD';

    private JsonBytes() {}

    /** The text that the bytes are the UTF-8 of; null if they are not UTF-8. */
    public static @Nullable String text(Bytes bytes) {
        String text = new String(bytes.array(), StandardCharsets.UTF_8);
        boolean replaced =
                text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes.array());
        return replaced ? null : text;
    }

    /** Writes a member. */
    public static void write(JsonGenerator json, String name, Bytes bytes) throws IOException {
        json.writeFieldName(name);
        write(json, bytes);
    }

    /** Writes a value. */
    public static void write(JsonGenerator json, Bytes bytes) throws IOException {
        String text = text(bytes);
        if (text != null) {
            json.writeString(text);
        } else {
            json.writeStartObject();
            json.writeStringField("base64", base64(bytes));
            json.writeEndObject();
        }
    }

    /** Bytes where JSON allows text only, as the name of a member: {@code base64:...} if they are not UTF-8. */
    public static String name(Bytes bytes) {
        String text = text(bytes);
        return text != null ? text : "base64:" + base64(bytes);
    }

    private static String base64(Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
