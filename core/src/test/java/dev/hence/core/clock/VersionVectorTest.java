package dev.hence.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the laws in {@link VersionVectorPropertyTest} do not cover: errors, text and identity. */
final class VersionVectorTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);

    @Test
    void of_zeroCounters_areLeftOut() {
        assertThat(VersionVector.of(Map.of(A, 0L, B, 3L))).isEqualTo(VersionVector.EMPTY.with(B, 3));
        assertThat(VersionVector.of(Map.of(A, 0L))).isSameAs(VersionVector.EMPTY);
    }

    @Test
    void of_negativeCounter_isRefused() {
        assertThatThrownBy(() -> VersionVector.of(Map.of(A, -1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("counter of a~0000000000000001: -1 (expected: at least 0)");
    }

    @Test
    void with_negativeCounter_isRefused() {
        assertThatThrownBy(() -> VersionVector.EMPTY.with(A, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void with_smallerCounter_keepsTheLarger() {
        VersionVector vector = VersionVector.EMPTY.with(A, 3);

        assertThat(vector.with(A, 2)).isSameAs(vector);
    }

    @Test
    void with_anyCounter_leavesTheVectorItCameFromAlone() {
        VersionVector before = VersionVector.EMPTY.with(A, 1);

        VersionVector raised = before.with(A, 2);
        VersionVector inserted = before.with(B, 1);

        assertThat(before.get(A)).isEqualTo(1);
        assertThat(before.size()).isEqualTo(1);
        assertThat(raised.get(A)).isEqualTo(2);
        assertThat(inserted.get(B)).isEqualTo(1);
    }

    @Test
    void missingCount_someOfTheOthersUpdates_areCounted() {
        VersionVector vector = VersionVector.EMPTY.with(A, 5);

        assertThat(vector.missingCount(VersionVector.EMPTY.with(A, 7).with(B, 3)))
                .isEqualTo(5);
        assertThat(vector.missingCount(VersionVector.EMPTY.with(A, 4))).isZero();
    }

    @Test
    void equals_somethingElse_isFalse() {
        assertThat(VersionVector.EMPTY).isNotEqualTo("{}").isNotEqualTo(VersionVector.EMPTY.with(A, 1));
    }

    @Test
    void toString_severalReplicas_showsThemInTheirOrder() {
        assertThat(VersionVector.EMPTY.with(B, 2).with(A, 1))
                .hasToString("{a~0000000000000001=1, b~0000000000000002=2}");
        assertThat(VersionVector.EMPTY).hasToString("{}");
    }
}
