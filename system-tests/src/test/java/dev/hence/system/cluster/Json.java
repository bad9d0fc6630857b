package dev.hence.system.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** JSON in the format of the nodes. */
public final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** Maps, lists, text and numbers as JSON. */
    public static String write(Object value) {
        return MAPPER.valueToTree(value).toString();
    }

    /** Bytes in JSON as text that is equal if and only if the bytes are: the text itself, or base64 with a prefix. */
    public static String text(JsonNode value) {
        if (value.isTextual()) {
            return value.asText();
        }
        byte[] bytes = Base64.getDecoder().decode(value.path("base64").asText());
        return "base64:" + Base64.getEncoder().encodeToString(bytes);
    }

    /** A clock without the members that have no updates in it. */
    public static Map<String, Long> clock(JsonNode object) {
        Map<String, Long> clock = new TreeMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().asLong() != 0) {
                clock.put(entry.getKey(), entry.getValue().asLong());
            }
        });
        return clock;
    }
}
