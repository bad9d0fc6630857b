package dev.hence.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.http.exchange.HttpProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonRequestTest {

    @Test
    void read_members_readsThemInAnyOrder() throws Exception {
        assertThat(read("{\"n\":7,\"key\":\"a\"}")).containsExactly("n=7", "key=a");
        assertThat(read(" {} ")).isEmpty();
    }

    @Test
    void bytes_eitherForm_areTheSame() throws Exception {
        assertThat(read("{\"key\":{\"base64\":\"YQ==\"}}")).containsExactly("key=a");
        assertThat(read("{\"key\":{\"base64\":\"\"}}")).containsExactly("key=");
        assertThat(read("{\"key\":\"\\u0000\\ud83d\\ude00\"}")).containsExactly("key=\0\uD83D\uDE00");
    }

    @Test
    void read_unknownMember_isRefusedByName() {
        assertRefused("{\"kye\":1}", "kye: unknown member (expected: key, n)");
        assertRefused("{\"key\":{\"base46\":\"\"}}", "key.base46: unknown member (expected: base64)");
    }

    @Test
    void read_memberTwice_isRefused() {
        assertRefusedLike("{\"key\":\"a\",\"key\":\"b\"}", "body: Duplicate field 'key'");
    }

    @Test
    void read_wrongType_isRefusedWithValueAndExpectation() {
        assertRefused("{\"key\":1}", "key: 1 (expected: a string or {\"base64\":\"...\"})");
        assertRefused("{\"key\":null}", "key: null (expected: a string or {\"base64\":\"...\"})");
        assertRefused("{\"key\":[]}", "key: a list (expected: a string or {\"base64\":\"...\"})");
        assertRefused("{\"key\":{}}", "key.base64: missing (expected: a value)");
        assertRefused("{\"key\":{\"base64\":1}}", "key.base64: 1 (expected: a string)");
        assertRefused("{\"key\":{\"base64\":\"?\"}}", "key.base64: \"?\" (expected: base64)");
        assertRefused("{\"n\":\"7\"}", "n: \"7\" (expected: a whole number, 1 to 10)");
        assertRefused("{\"n\":11}", "n: 11 (expected: a whole number, 1 to 10)");
        assertRefused("{\"n\":7.5}", "n: 7.5 (expected: a whole number, 1 to 10)");
        assertRefused("{\"n\":99999999999999999999}", "n: 99999999999999999999 (expected: a whole number, 1 to 10)");
        assertRefused("[]", "body: a list (expected: an object with key, n)");
        assertRefused("", "body: nothing (expected: an object with key, n)");
    }

    @Test
    void read_notJson_isRefusedWithItsPlace() {
        assertRefusedLike("{\"key\":", "body: Unexpected end-of-input");
        assertRefusedLike("{key:1}", "body: Unexpected character");
        assertRefused("{} {}", "body: data after the JSON object (expected: one object)");
        assertRefusedLike("{\"n\":" + "[".repeat(100), "n: a list");
        assertRefusedLike("{\"n\":" + "1".repeat(100) + "}", "body: Number value length");
        assertRefusedLike("{\"" + "k".repeat(1_000) + "\":1}", "body: Name length");
    }

    @Test
    void bytes_halfASurrogatePair_isRefusedRatherThanReplaced() {
        assertRefused("{\"key\":\"\\ud83d\"}", "key: half of a surrogate pair (expected: Unicode text)");
        assertRefused("{\"key\":\"\\ude00a\"}", "key: half of a surrogate pair (expected: Unicode text)");
    }

    @Test
    void read_notUtf8_isRefused() {
        byte[] body = "{\"key\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        body[8] = (byte) 0xFF;
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(HttpProblem.class)
                .hasMessageStartingWith("body: Invalid UTF-8");
    }

    private static List<String> read(String body) throws Exception {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> read(byte[] body) throws Exception {
        List<String> found = new ArrayList<>();
        return JsonRequest.read(body, json -> {
            json.object("", "key, n", (name, path) -> {
                switch (name) {
                    case "key" -> found.add("key=" + new String(json.bytes(path), StandardCharsets.UTF_8));
                    case "n" -> found.add("n=" + json.number(path, 1, 10));
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            return found;
        });
    }

    private static void assertRefused(String body, String message) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(HttpProblem.class).hasMessage(message);
    }

    private static void assertRefusedLike(String body, String messageStart) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(HttpProblem.class).hasMessageStartingWith(messageStart);
    }
}
