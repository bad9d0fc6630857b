package dev.hence.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.hence.client.Bytes;
import java.util.Optional;

/** Keys and values, which are bytes, for people and in JSON. */
public final class BytesText {

    private BytesText() {}

    /** The text as it is, unless it would disturb a terminal or is none: then {@code base64:AAE=}. */
    public static String shown(Bytes bytes) {
        return bytes.text().filter(BytesText::isPrintable).orElseGet(() -> "base64:" + bytes.base64());
    }

    /** A string, or {@code {"base64": ...}} if it is no UTF-8. */
    public static JsonNode json(Bytes bytes) {
        Optional<String> text = bytes.text();
        return text.isPresent()
                ? JsonNodeFactory.instance.textNode(text.get())
                : JsonNodeFactory.instance.objectNode().put("base64", bytes.base64());
    }

    private static boolean isPrintable(String text) {
        return text.codePoints().allMatch(point -> point == '\n' || point == '\t' || !Character.isISOControl(point));
    }
}
