package dev.hence.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** How made-up nodes read and write the JSON and the percent-encoding of the HTTP API. */
final class FakeJson {

    private FakeJson() {}

    static String replica(String node) {
        return node + "~00c0ffee00c0ffee";
    }

    static void putDot(ObjectNode object, FakeCluster.Update update) {
        object.putObject("dot").put("replica", replica(update.node())).put("counter", update.counter());
        object.put("node_id", update.node());
    }

    static void putClock(ObjectNode object, String member, Map<String, Long> clock) {
        ObjectNode entries = object.putObject(member);
        clock.forEach(entries::put);
    }

    static void put(ObjectNode object, String member, Bytes bytes) {
        bytes.text()
                .ifPresentOrElse(
                        text -> object.put(member, text),
                        () -> object.putObject(member).put("base64", bytes.base64()));
    }

    static Bytes bytes(JsonNode value) {
        return value.isTextual()
                ? Bytes.utf8(value.asText())
                : Bytes.of(Base64.getDecoder().decode(value.get("base64").asText()));
    }

    static String decodeText(String encoded) {
        return new String(decode(encoded), StandardCharsets.UTF_8);
    }

    static byte[] decode(String encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int at = 0; at < encoded.length(); at++) {
            if (encoded.charAt(at) == '%') {
                decoded.write(Integer.parseInt(encoded.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                decoded.write(encoded.charAt(at));
            }
        }
        return decoded.toByteArray();
    }
}
