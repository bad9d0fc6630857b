package dev.hence.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class QueryTest {

    private static final Set<String> KNOWN = Set.of("key", "limit", "siblings");

    @Test
    void parse_parameters_decodesThem() {
        Query query = Query.parse("key=a%00%FF&limit=7&&siblings", KNOWN);
        assertThat(query.bytes("key")).isEqualTo(new byte[] {'a', 0, (byte) 0xFF});
        assertThat(query.number("limit", 1, 10, 5)).isEqualTo(7);
        assertThat(query.flag("siblings", false)).isTrue();
    }

    @Test
    void parse_noQuery_hasDefaults() {
        for (String none : new String[] {null, ""}) {
            Query query = Query.parse(none, KNOWN);
            assertThat(query.bytes("key")).isNull();
            assertThat(query.number("limit", 1, 10, 5)).isEqualTo(5);
            assertThat(query.flag("siblings", false)).isFalse();
        }
    }

    @Test
    void parse_unknownParameter_isRefusedByName() {
        assertRefused("limt=7", "parameter limt: unknown (expected: key, limit, siblings)");
        assertThatThrownBy(() -> Query.parse("x=1", Set.of())).hasMessage("parameter x: unknown (expected: none)");
    }

    @Test
    void parse_parameterTwice_isRefused() {
        assertRefused("key=a&key=a", "parameter key: occurs twice (expected: once)");
    }

    @Test
    void number_outOfRangeOrNone_isRefused() {
        for (String wrong : new String[] {"0", "11", "-1", "x", "", "1.5", "99999999999"}) {
            assertThatThrownBy(() -> Query.parse("limit=" + wrong, KNOWN).number("limit", 1, 10, 5))
                    .isInstanceOf(HttpProblem.class)
                    .hasMessage("limit: \"" + wrong + "\" (expected: 1 to 10)");
        }
    }

    @Test
    void flag_otherThanTrueOrFalse_isRefused() {
        assertThat(Query.parse("siblings=false", KNOWN).flag("siblings", true)).isFalse();
        assertThatThrownBy(() -> Query.parse("siblings=yes", KNOWN).flag("siblings", true))
                .hasMessage("siblings: \"yes\" (expected: true or false)");
    }

    @Test
    void text_notUtf8_isRefused() {
        assertThatThrownBy(() -> Query.parse("key=%FF", KNOWN).text("key"))
                .hasMessage("key: not UTF-8 (expected: text)");
    }

    private static void assertRefused(String query, String message) {
        assertThatThrownBy(() -> Query.parse(query, KNOWN))
                .isInstanceOf(HttpProblem.class)
                .hasMessage(message);
    }
}
