package dev.hence.http.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.hence.http.exchange.HttpProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON body of a request, strictly: a member that is unknown, occurs twice or has a wrong type is
 * refused by its name and value with what was expected.
 *
 * <p>Belongs to one thread.
 */
public final class JsonRequest {

    private static final int SHOWN_CHARS_MAX = 60;

    private final JsonParser parser;

    private JsonRequest(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads the value of the member whose name it is given. */
    @FunctionalInterface
    public interface Members {
        /**
         * @param path where the member is, for messages: {@code operations[2].key}
         * @return false if there is no such member
         */
        boolean read(String name, String path) throws IOException;
    }

    /** Reads one element of a list. */
    @FunctionalInterface
    public interface Elements {
        /** @param path where the element is, for messages: {@code operations[2]} */
        void read(String path) throws IOException;
    }

    /** Reads a body with the request it is wrapped into. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(JsonRequest json) throws IOException;
    }

    /**
     * Reads a body that is one object.
     *
     * @throws HttpProblem if it is not JSON, or not what the reader expects
     */
    public static <T> T read(byte[] body, Reader<T> reader) throws IOException {
        try (JsonParser parser = Json.parser(body)) {
            parser.nextToken();
            T value = reader.read(new JsonRequest(parser));
            if (parser.nextToken() != null) {
                throw HttpProblem.badRequest("body: data after the JSON object (expected: one object)");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw HttpProblem.badRequest("body: " + malformed.getOriginalMessage() + place(malformed.getLocation())
                    + " (expected: JSON in UTF-8)");
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Reads an object that has only the given members. */
    public void object(String path, String expectedMembers, Members members) throws IOException {
        expect(path.isEmpty() ? "body" : path, JsonToken.START_OBJECT, "an object with " + expectedMembers);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String memberPath = path.isEmpty() ? name : path + "." + name;
            parser.nextToken();
            if (!members.read(name, memberPath)) {
                throw HttpProblem.badRequest(memberPath + ": unknown member (expected: " + expectedMembers + ")");
            }
        }
    }

    /** Reads a list. */
    public void list(String path, Elements elements) throws IOException {
        expect(path, JsonToken.START_ARRAY, "a list");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            elements.read(path + "[" + i + "]");
        }
    }

    /** Reads a string. */
    public String text(String path) throws IOException {
        expect(path, JsonToken.VALUE_STRING, "a string");
        return parser.getText();
    }

    /** Reads a whole number. */
    public int number(String path, int min, int max) throws IOException {
        String expected = "a whole number, " + min + " to " + max;
        expect(path, JsonToken.VALUE_NUMBER_INT, expected);
        String digits = parser.getText();
        try {
            int number = Integer.parseInt(digits);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException tooLong) {
            // Refused below, like any number out of range.
        }
        throw HttpProblem.badRequest(path + ": " + shorten(digits) + " (expected: " + expected + ")");
    }

    /** Reads bytes: a string, which stands for its UTF-8, or {@code {"base64":"..."}}. */
    public byte[] bytes(String path) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return base64Object(path);
        }
        expect(path, JsonToken.VALUE_STRING, "a string or {\"base64\":\"...\"}");
        String text = parser.getText();
        if (hasLoneSurrogate(text)) {
            throw HttpProblem.badRequest(path + ": half of a surrogate pair (expected: Unicode text)");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] base64Object(String path) throws IOException {
        byte @Nullable [][] decoded = {null};
        object(path, "base64", (name, memberPath) -> {
            if (!name.equals("base64")) {
                return false;
            }
            decoded[0] = base64(memberPath, text(memberPath));
            return true;
        });
        if (decoded[0] == null) {
            throw missing(path + ".base64");
        }
        return decoded[0];
    }

    private static byte[] base64(String path, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw HttpProblem.badRequest(path + ": \"" + shorten(text) + "\" (expected: base64)");
        }
    }

    /** The problem of a member that is not there. */
    public static HttpProblem missing(String path) {
        return HttpProblem.badRequest(path + ": missing (expected: a value)");
    }

    private void expect(String path, JsonToken token, String expected) throws IOException {
        if (parser.currentToken() != token) {
            throw HttpProblem.badRequest(path + ": " + shown() + " (expected: " + expected + ")");
        }
    }

    private String shown() throws IOException {
        return switch (parser.currentToken()) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "\"" + shorten(parser.getText()) + "\"";
            default -> shorten(parser.getText());
        };
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "...";
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean paired = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
