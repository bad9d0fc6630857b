package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class DotTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 1);

    @Test
    void dot_counterZero_isRefused() {
        assertThatThrownBy(() -> new Dot(A, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dot counter: 0 (expected: at least 1)");
    }

    @Test
    void next_anyDot_isOneLarger() {
        assertThat(new Dot(A, 1).next()).isEqualTo(new Dot(A, 2));
    }

    @Test
    void compareTo_severalDots_ordersByReplicaThenCounter() {
        assertThat(new Dot(A, 2)).isLessThan(new Dot(B, 1)).isGreaterThan(new Dot(A, 1));
        assertThat(new Dot(A, 2)).isEqualByComparingTo(new Dot(A, 2));
    }

    @Test
    void toString_dot_namesReplicaAndCounter() {
        assertThat(new Dot(A, 7)).hasToString("a~0000000000000001:7");
    }
}
