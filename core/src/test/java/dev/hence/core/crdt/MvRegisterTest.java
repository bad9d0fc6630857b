package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.MvRegister.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MvRegisterTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final ReplicaId B = new ReplicaId("b", 0xb);
    private static final ReplicaId C = new ReplicaId("c", 0xc);

    private static final Entry FROM_A = entry(A, 1, 100, "from a");
    private static final Entry FROM_B = entry(B, 1, 200, "from b");
    private static final Entry FROM_C = entry(C, 1, 300, "from c");

    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final VersionVector SEEN_A = NOTHING.with(A, 1);
    private static final VersionVector SEEN_A_AND_B = SEEN_A.with(B, 1);

    @Test
    void assign_emptyRegister_holdsTheValue() {
        MvRegister register = MvRegister.EMPTY.assign(FROM_A, NOTHING);

        assertThat(register.entries()).containsExactly(FROM_A);
        assertThat(register.entries().getFirst()).isEqualTo(FROM_A);
        assertThat(register.siblings()).isEmpty();
    }

    @Test
    void assign_thatHasSeenTheValue_replacesIt() {
        MvRegister register = MvRegister.of(FROM_A).assign(FROM_B, SEEN_A);

        assertThat(register.entries()).containsExactly(FROM_B);
    }

    @Test
    void assign_thatHasSeenTheValue_replacesItEvenWithASmallerTimestamp() {
        // A replica's timestamps exceed all that it has seen, but causality must not depend on that.
        MvRegister register = MvRegister.of(FROM_B).assign(FROM_A, NOTHING.with(B, 1));

        assertThat(register.entries()).containsExactly(FROM_A);
    }

    @Test
    void assign_concurrentAndNewer_winsAndKeepsTheOtherAsSibling() {
        MvRegister register = MvRegister.of(FROM_A).assign(FROM_B, NOTHING);

        assertThat(register.entries().getFirst()).isEqualTo(FROM_B);
        assertThat(register.siblings()).containsExactly(FROM_A);
    }

    @Test
    void assign_concurrentAndOlder_becomesASibling() {
        MvRegister register = MvRegister.of(FROM_B).assign(FROM_A, NOTHING);

        assertThat(register.entries().getFirst()).isEqualTo(FROM_B);
        assertThat(register.siblings()).containsExactly(FROM_A);
    }

    @Test
    void assign_thatHasSeenOneSiblingOfTwo_keepsTheOther() {
        MvRegister register = new MvRegister(List.of(FROM_A, FROM_B)).assign(FROM_C, SEEN_A);

        assertThat(register.entries()).containsExactly(FROM_C, FROM_B);
    }

    @Test
    void assign_thatHasSeenAllSiblings_resolvesThem() {
        MvRegister register = new MvRegister(List.of(FROM_A, FROM_B)).assign(FROM_C, SEEN_A_AND_B);

        assertThat(register.entries()).containsExactly(FROM_C);
    }

    @Test
    void assign_equalTimestamps_areDecidedByTheReplica() {
        Entry fromA = entry(A, 1, 100, "from a");
        Entry fromB = entry(B, 1, 100, "from b");

        assertThat(MvRegister.of(fromA).assign(fromB, NOTHING).entries().getFirst())
                .isEqualTo(fromB);
        assertThat(MvRegister.of(fromB).assign(fromA, NOTHING).entries().getFirst())
                .isEqualTo(fromB);
    }

    @Test
    void remove_whatItHasSeen_leavesNothing() {
        MvRegister removed = new MvRegister(List.of(FROM_A, FROM_B)).remove(SEEN_A_AND_B);

        assertThat(removed).isEqualTo(MvRegister.EMPTY);
        assertThat(removed.isEmpty()).isTrue();
        assertThat(removed.entries()).isEmpty();
        assertThat(removed.siblings()).isEmpty();
    }

    @Test
    void remove_concurrentWithAWrite_leavesTheWrite() {
        assertThat(new MvRegister(List.of(FROM_A, FROM_B)).remove(SEEN_A).entries())
                .containsExactly(FROM_B);
    }

    @Test
    void remove_thatHasSeenNothing_changesNothing() {
        MvRegister register = new MvRegister(List.of(FROM_A, FROM_B));

        assertThat(register.remove(NOTHING)).isSameAs(register);
        assertThat(MvRegister.EMPTY.remove(SEEN_A)).isEqualTo(MvRegister.EMPTY);
    }

    @Test
    void entries_givenInAnyOrder_areHeldNewestFirst() {
        assertThat(new MvRegister(List.of(FROM_B, FROM_A, FROM_C)).entries()).containsExactly(FROM_C, FROM_B, FROM_A);
        assertThat(new MvRegister(List.of(FROM_B, FROM_A))).isEqualTo(new MvRegister(List.of(FROM_A, FROM_B)));
    }

    @Test
    void versionTag_emptyRegister_isEmpty() {
        assertThat(MvRegister.EMPTY.versionTag()).isEmpty();
    }

    @Test
    void versionTag_siblings_namesThemAll() {
        assertThat(new MvRegister(List.of(FROM_A, FROM_B)).versionTag()).isEqualTo("1.b+1.a");
    }

    @Test
    void versionTag_sameValueWrittenAgain_isAnotherOne() {
        MvRegister first = MvRegister.of(entry(A, 1, 100, "same"));
        MvRegister second = MvRegister.of(entry(A, 2, 101, "same"));

        assertThat(second.versionTag()).isNotEqualTo(first.versionTag());
    }

    private static Entry entry(ReplicaId replica, long counter, long timestamp, String value) {
        return new Entry(new Dot(replica, counter), timestamp, Bytes.utf8(value));
    }
}
