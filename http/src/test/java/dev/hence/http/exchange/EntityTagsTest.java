package dev.hence.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntityTagsTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "\"b\", \"a\"", " \"b\" ,\"a\"", "W/\"a\",\"a\"", ",\"a\",,", "*", " * "})
    void matchesStrongly_listWithTag_matches(String header) {
        assertThat(EntityTags.parse("If-Match", header).matchesStrongly("a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"b\"", "W/\"a\"", "\"A\"", "\"a,b\"", "\"*\"", "\"\""})
    void matchesStrongly_listWithoutTag_doesNot(String header) {
        assertThat(EntityTags.parse("If-Match", header).matchesStrongly("a")).isFalse();
    }

    @Test
    void matchesWeakly_weakTag_matches() {
        assertThat(EntityTags.parse("If-None-Match", "W/\"a\"").matchesWeakly("a"))
                .isTrue();
        assertThat(EntityTags.parse("If-None-Match", "\"b\"").matchesWeakly("a"))
                .isFalse();
    }

    @Test
    void parse_commaInsideTag_isPartOfIt() {
        assertThat(EntityTags.parse("If-Match", "\"a,b\", \"c\"").matchesStrongly("a,b"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "\"a", "\"a\"b", "\"a\" \"b\"", "*, \"a\"", "w/\"a\"", "W/a", "\"a\", b"})
    void parse_malformed_isRefused(String header) {
        assertThatThrownBy(() -> EntityTags.parse("If-Match", header))
                .isInstanceOf(HttpProblem.class)
                .hasMessage("If-Match: " + header + " (expected: \"TAG\", a list of these, or *)");
    }
}
