package dev.hence.http.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hence.core.crdt.Bytes;
import dev.hence.node.memory.MemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
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

    /** Writes a value; a large one on the way, without a copy of it as text. */
    public static void write(JsonGenerator json, Bytes bytes) throws IOException {
        if (bytes.length() > MemoryBudget.SMALL_BYTES) {
            writeLarge(json, bytes);
            return;
        }
        String text = text(bytes);
        if (text != null) {
            json.writeString(text);
        } else {
            json.writeStartObject();
            json.writeStringField("base64", base64(bytes));
            json.writeEndObject();
        }
    }

    private static void writeLarge(JsonGenerator json, Bytes bytes) throws IOException {
        if (isUtf8(bytes)) {
            try (Reader text = reader(bytes)) {
                json.writeString(text, -1);
            }
        } else {
            json.writeStartObject();
            json.writeBinaryField("base64", bytes.array());
            json.writeEndObject();
        }
    }

    private static boolean isUtf8(Bytes bytes) throws IOException {
        try (Reader text = reader(bytes)) {
            text.transferTo(Writer.nullWriter());
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    /** Fails where the bytes are not UTF-8. */
    private static Reader reader(Bytes bytes) {
        return new InputStreamReader(
                new ByteArrayInputStream(bytes.array()),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
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
