package dev.hence.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.http.exchange.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Makes JSON generators and parsers, all with the same settings, and answers from them. */
public final class Json {

    /** The media type of answers. */
    public static final String TYPE = "application/json";

    private static final int NESTING_MAX = 8;
    private static final int NUMBER_DIGITS_MAX = 32;
    private static final int NAME_CHARS_MAX = 256;
    private static final int FIRST_BYTES = 512;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING_MAX)
                    .maxNumberLength(NUMBER_DIGITS_MAX)
                    .maxNameLength(NAME_CHARS_MAX)
                    // The length of bodies is limited before they are parsed.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private Json() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    /** An answer with a JSON body. */
    public static Answer answer(int status, VersionVector clock, Content content) {
        return Answer.whole(status, clock, TYPE, Bytes.wrap(bytes(content)));
    }

    /** A JSON value as UTF-8. */
    public static byte[] bytes(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            content.write(json);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    /** A generator of values that go out one by one, each when it is flushed. */
    public static JsonGenerator generator(OutputStream output) throws IOException {
        JsonGenerator json = FACTORY.createGenerator(output);
        json.setRootValueSeparator(null);
        return json;
    }

    static JsonParser parser(byte[] body) throws IOException {
        return FACTORY.createParser(body);
    }
}
