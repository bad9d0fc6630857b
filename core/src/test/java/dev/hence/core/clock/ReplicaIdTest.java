package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplicaIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "node1", "_x", "9", "A-Z.z_0", "node1.example.org"})
    void name_allowedCharacters_isTaken(String name) {
        assertThat(ReplicaId.isName(name)).isTrue();
        assertThat(new ReplicaId(name, 1).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "a b", "a~b", "a:b", "nöde", "a\n"})
    void name_otherCharacters_isRefused(String name) {
        assertThat(ReplicaId.isName(name)).isFalse();
        assertThatThrownBy(() -> new ReplicaId(name, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("replica name: \"" + name + "\" (expected:");
    }

    @Test
    void name_length_isLimitedTo64() {
        assertThat(ReplicaId.isName("a".repeat(ReplicaId.NAME_LENGTH_MAX))).isTrue();
        assertThat(ReplicaId.isName("a".repeat(ReplicaId.NAME_LENGTH_MAX + 1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0xc0ffee00c0ffeeL, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void parse_whatToStringWrote_isTheSame(long incarnation) {
        ReplicaId id = new ReplicaId("node.1-a_b", incarnation);

        assertThat(id.toString()).hasSize("node.1-a_b~".length() + 16);
        assertThat(ReplicaId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void toString_smallIncarnation_isPadded() {
        assertThat(new ReplicaId("node1", 0xc0ffeeL)).hasToString("node1~0000000000c0ffee");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node1",
                "node1~",
                "node1~12",
                "node1~00000000000000000",
                "node1~000000000000000g",
                "node1~+000000000000001",
                "node1~\uff10000000000000001",
                "~0000000000000001",
                "no de~0000000000000001"
            })
    void parse_otherForm_isRefused(String text) {
        assertThatThrownBy(() -> ReplicaId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void compareTo_severalIds_ordersByNameThenUnsignedIncarnation() {
        assertThat(new ReplicaId("a", -1)).isLessThan(new ReplicaId("b", 0));
        assertThat(new ReplicaId("a", 1)).isLessThan(new ReplicaId("a", -1));
        assertThat(new ReplicaId("a", -1)).isEqualByComparingTo(new ReplicaId("a", -1));
    }

    @Test
    void equals_sameNameOrSameIncarnation_isNotEnough() {
        assertThat(new ReplicaId("a", 1))
                .isEqualTo(new ReplicaId("a", 1))
                .hasSameHashCodeAs(new ReplicaId("a", 1))
                .isNotEqualTo(new ReplicaId("a", 2))
                .isNotEqualTo(new ReplicaId("b", 1))
                .isNotEqualTo("a~0000000000000001");
    }
}
