package dev.hence.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * JSON as trees, read and written without an {@code ObjectMapper}: setting one up would cost a short-lived
 * program more than its whole call. Loaded at the first use of JSON; plain reads and writes need none.
 */
final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    // How long a body may be is decided before it gets here.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(64)
                    .build())
            .build();

    /** What writes a document. */
    interface Writing {
        void to(JsonGenerator generator) throws IOException;
    }

    private Json() {}

    /** @throws UnexpectedJsonException if the bytes are not exactly one JSON value */
    static JsonNode parse(Bytes document) {
        try (JsonParser parser = FACTORY.createParser(document.array())) {
            parser.nextToken();
            JsonNode value = value(parser);
            if (parser.nextToken() != null) {
                throw new UnexpectedJsonException("JSON: data after its end");
            }
            return value;
        } catch (IOException e) {
            throw new UnexpectedJsonException("JSON: " + e.getMessage(), e);
        }
    }

    private static JsonNode value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case null, default -> throw new UnexpectedJsonException("JSON: incomplete");
        };
    }

    static Bytes write(Writing writing) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(document)) {
            writing.to(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return Bytes.wrap(document.toByteArray());
    }
}
