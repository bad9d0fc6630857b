package dev.hence.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplicaNumbersTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 1);
    private static final ReplicaId A_ANEW = new ReplicaId("a", 2);

    @Test
    void number_ofReplicas_isGivenInOrderOnceAndTold() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        List<String> told = new ArrayList<>();
        ReplicaNumbers.Listener listener = (number, replica) -> told.add(number + " " + replica.name());
        assertThat(numbers.number(A, listener)).isZero();
        assertThat(numbers.number(B, listener)).isEqualTo(1);
        assertThat(numbers.number(A, listener)).isZero();
        assertThat(numbers.number(A_ANEW, listener)).isEqualTo(2);
        assertThat(told).containsExactly("0 a", "1 b", "2 a");
        assertThat(numbers.replica(2)).isEqualTo(A_ANEW);
        assertThat(numbers.find(B)).isEqualTo(1);
    }

    @Test
    void number_manyReplicas_isThatOfEach() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20; i++) {
                ReplicaId replica = new ReplicaId("node" + i, i);
                assertThat(numbers.number(replica, (number, assigned) -> {})).isEqualTo(i);
                assertThat(numbers.find(replica)).isEqualTo(i);
                assertThat(numbers.replica(i)).isEqualTo(replica);
            }
        }
    }

    @Test
    void number_whenItCannotBeTold_isNotGiven() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        assertThatThrownBy(() -> numbers.number(A, (number, replica) -> {
                    throw new IllegalStateException("the listener failed");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(numbers.find(A)).isEqualTo(-1);
        assertThat(numbers.number(B, (number, replica) -> {})).isZero();
    }

    @Test
    void replica_ofANumberNeverGiven_isRefused() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        numbers.define(0, A);
        assertThatThrownBy(() -> numbers.replica(1)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> numbers.replica(-1)).isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void define_outOfOrder_isRefused() {
        ReplicaNumbers numbers = new ReplicaNumbers();
        numbers.define(0, A);
        assertThatThrownBy(() -> numbers.define(2, B)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> numbers.define(0, B)).isInstanceOf(MalformedRecordException.class);
    }
}
