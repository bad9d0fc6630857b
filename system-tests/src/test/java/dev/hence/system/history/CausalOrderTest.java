package dev.hence.system.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that cannot fail checks nothing, so this test shows it what it must find. */
class CausalOrderTest {

    private final JsonNode photo = change("node1", 1, "{'node1':1,'node2':0}");
    private final JsonNode comment = change("node2", 1, "{'node1':1,'node2':1}");

    @Test
    void violations_causeFirst_none() {
        assertThat(CausalOrder.violations(List.of(photo, comment))).isEmpty();
    }

    @Test
    void violations_effectFirst_found() {
        assertThat(CausalOrder.violations(List.of(comment, photo)))
                .singleElement()
                .asString()
                .startsWith("node2:1 came when node1 was at 0 (expected: at least 1)");
    }

    @Test
    void violations_causeMissing_found() {
        assertThat(CausalOrder.violations(List.of(comment))).hasSize(1);
    }

    @Test
    void violations_twice_found() {
        assertThat(CausalOrder.violations(List.of(photo, comment, photo))).hasSize(1);
    }

    @Test
    void violations_gap_found() {
        JsonNode third = change("node1", 3, "{'node1':3}");

        assertThat(CausalOrder.violations(List.of(photo, third))).isNotEmpty();
    }

    private static JsonNode change(String node, long counter, String clock) {
        try {
            return new ObjectMapper()
                    .readTree(("{'node_id':'" + node + "','dot':{'replica':'" + node + "~0000000000000001','counter':"
                                    + counter + "},'vector_clock':" + clock + "}")
                            .replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }
}
