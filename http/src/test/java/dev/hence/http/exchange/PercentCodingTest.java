package dev.hence.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PercentCodingTest {

    @ParameterizedTest
    @CsvSource({"a/b,a/b", "a%2Fb,a/b", "a%2fb,a/b", "%C3%A9,é", "é,é", "a+b,a+b", "a%20b,a b", "%2E%2E,..", "%25,%"})
    void decode_wellFormed_returnsBytes(String encoded, String expected) {
        assertThat(new String(PercentCoding.decode("key", encoded, false), StandardCharsets.UTF_8))
                .isEqualTo(expected);
    }

    @Test
    void decode_anyByte_isPossible() {
        StringBuilder encoded = new StringBuilder();
        byte[] expected = new byte[256];
        for (int i = 0; i < 256; i++) {
            encoded.append(String.format("%%%02X", i));
            expected[i] = (byte) i;
        }
        assertThat(PercentCoding.decode("key", encoded.toString(), false)).isEqualTo(expected);
    }

    @Test
    void decode_plusInQuery_isSpace() {
        assertThat(PercentCoding.decode("key", "a+b%2B", true)).isEqualTo("a b+".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "a%", "a%zz", "%2G", "%-1", "%%20", "%u0041"})
    void decode_malformed_isRefused(String encoded) {
        assertThatThrownBy(() -> PercentCoding.decode("key", encoded, false))
                .isInstanceOf(HttpProblem.class)
                .hasMessageStartingWith("key: \"%")
                .hasMessageEndingWith("(expected: % and two hexadecimal digits)");
    }
}
