package dev.hence.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonBytesTest {

    private static final Bytes BINARY = Bytes.wrap(new byte[] {'a', (byte) 0xFF});

    @Test
    void write_utf8_isAString() {
        assertThat(json(Bytes.utf8("é \"quoted\" \u0000 \uD83D\uDE00")))
                .isEqualTo("\"é \\\"quoted\\\" \\u0000 \uD83D\uDE00\"");
        assertThat(json(Bytes.EMPTY)).isEqualTo("\"\"");
    }

    @Test
    void write_otherBytes_areBase64() {
        assertThat(json(BINARY)).isEqualTo("{\"base64\":\"Yf8=\"}");
        assertThat(json(Bytes.wrap(new byte[] {(byte) 0xC3}))).isEqualTo("{\"base64\":\"ww==\"}");
    }

    @Test
    void write_replacementCharacterItself_isText() {
        assertThat(json(Bytes.utf8("\uFFFD"))).isEqualTo("\"\uFFFD\"");
    }

    @Test
    void write_encodedSurrogate_isNotText() {
        // CESU-8, which lenient decoders accept as text.
        assertThat(json(Bytes.wrap(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})))
                .isEqualTo("{\"base64\":\"7aCA\"}");
    }

    @Test
    void name_otherBytes_arePrefixed() {
        assertThat(JsonBytes.name(Bytes.utf8("x"))).isEqualTo("x");
        assertThat(JsonBytes.name(BINARY)).isEqualTo("base64:Yf8=");
    }

    private static String json(Bytes bytes) {
        return new String(Json.bytes(json -> JsonBytes.write(json, bytes)), StandardCharsets.UTF_8);
    }
}
