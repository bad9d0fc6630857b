package dev.hence.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/kv/x", "/kv/a.b", "/kv?after=%2E", "http://10.0.0.1:5000/kv/x", "*", "x:80"})
    void shield_harmlessTarget_isLeftAsItIs(String target) {
        assertThat(RequestPath.shield(target)).isSameAs(target);
    }

    @ParameterizedTest
    @CsvSource({
        "/kv/%00, /kv/%2500",
        "/kv/../x, /kv/%252E./x",
        "/kv/%2E%2E, /kv/%252E%252E",
        "/kv/%2F?a=%2F, /kv/%252F?a=%2F",
        "http://10.0.0.1/kv/%00, http://10.0.0.1/kv/%2500",
    })
    void shield_pathThatJettyWouldInterpret_isEncodedOnceMore(String target, String shielded) {
        assertThat(RequestPath.shield(target)).isEqualTo(shielded);
    }

    @Test
    void unshield_shieldedPath_standsForTheSameBytes() {
        for (String path : new String[] {"/kv/%00%2F%25%252E", "/kv/../.a/./%2E", "/kv/%zz%"}) {
            String unshielded = RequestPath.unshield(RequestPath.shield(path));
            assertThat(unshielded.replace("/%2E", "/.")).isEqualTo(path.replace("/%2E", "/."));
        }
    }
}
