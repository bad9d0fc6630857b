package dev.hence.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerAddressParserTest {

    @Test
    void parseList_allForms_inOrder() {
        assertThat(PeerAddressParser.parseList("node2:5001, n3=10.0.0.3:5002,node4,[2001:db8::1],n6=[::1]:5006"))
                .isEqualTo(List.of(
                        new PeerAddress(null, "node2", 5001),
                        new PeerAddress("n3", "10.0.0.3", 5002),
                        new PeerAddress(null, "node4", 5000),
                        new PeerAddress(null, "2001:db8::1", 5000),
                        new PeerAddress("n6", "::1", 5006)));
    }

    @Test
    void parseList_blank_none() {
        assertThat(PeerAddressParser.parseList(" ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://node2:5000 | does not have that form",
                "node2:5000,        | does not have that form",
                "node2:             | does not have that form",
                "::1                | does not have that form",
                "a b:1              | does not have that form",
                "=node2:1           | has an invalid node name",
                "-x=node2:1         | has an invalid node name",
                "node2:0            | is not in the range 1 to 65535",
                "node2:65536        | is not in the range 1 to 65535",
                "node2,node2:5000   | repeats another",
                "a=x:1,a=y:1        | repeats another"
            })
    void parseList_malformed_refusedNamingTheEntry(String text, String why) {
        assertThatThrownBy(() -> PeerAddressParser.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(PeerAddressParser.EXPECTED)
                .hasMessageEndingWith(why);
    }
}
