package dev.hence.cli.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.client.Bytes;
import dev.hence.client.KeyFingerprint;
import java.util.List;
import java.util.Optional;

/** A comparison as one line for programs. */
final class CompareJson {

    private CompareJson() {}

    /** {@code {"keys":N,"expired":N,"different":N,"some":[{"key","nodes":[{"url","type","size","deadline","fingerprint"}]}]}}. */
    static String of(Comparison comparison, List<String> urls) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("keys", comparison.keys())
                .put("expired", comparison.expired())
                .put("different", comparison.different());
        ArrayNode some = document.putArray("some");
        for (Comparison.Difference difference : comparison.some()) {
            ObjectNode shown = some.addObject();
            put(shown, difference.key());
            ArrayNode nodes = shown.putArray("nodes");
            for (int i = 0; i < urls.size(); i++) {
                put(
                        nodes.addObject().put("url", urls.get(i)),
                        difference.found().get(i));
            }
        }
        return document.toString();
    }

    private static void put(ObjectNode shown, Bytes key) {
        if (key.text().isPresent()) {
            shown.put("key", key.text().get());
        } else {
            shown.putObject("key").put("base64", key.base64());
        }
    }

    private static void put(ObjectNode node, Optional<KeyFingerprint> found) {
        node.put("present", found.isPresent());
        found.ifPresent(key -> {
            node.put("type", key.type()).put("size", key.size());
            key.deadline().ifPresent(deadline -> node.put("deadline", deadline.toString()));
            node.put("fingerprint", key.fingerprint());
        });
    }
}
