package dev.hence.core.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Deadlines.Entry;
import org.junit.jupiter.api.Test;

final class DeadlinesTest {

    private static final ReplicaId A = new ReplicaId("a", 0xa);
    private static final ReplicaId B = new ReplicaId("b", 0xb);
    private static final Entry SOON = new Entry(new Dot(A, 1), 100);
    private static final Entry LATER = new Entry(new Dot(B, 1), 200);
    private static final Entry NEVER = new Entry(new Dot(B, 2), Deadlines.NONE);
    private static final VersionVector NOTHING = VersionVector.EMPTY;

    @Test
    void latest_noCandidates_isNone() {
        assertThat(Deadlines.EMPTY.isEmpty()).isTrue();
        assertThat(Deadlines.EMPTY.latest()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void set_concurrentDeadlines_theLatestHolds() {
        Deadlines both = Deadlines.EMPTY.set(LATER, NOTHING).set(SOON, NOTHING);

        assertThat(both.latest()).isEqualTo(200);
        assertThat(both).isEqualTo(Deadlines.EMPTY.set(SOON, NOTHING).set(LATER, NOTHING));
        assertThat(both.set(NEVER, NOTHING.with(B, 1)).latest()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void set_thatHasSeenALaterDeadline_bringsItForward() {
        assertThat(Deadlines.EMPTY
                        .set(LATER, NOTHING)
                        .set(SOON, NOTHING.with(B, 1))
                        .entries())
                .containsExactly(SOON);
    }

    @Test
    void set_secondOneOfAnUpdate_replacesTheFirst() {
        Entry other = new Entry(SOON.dot(), 50);

        assertThat(Deadlines.EMPTY.set(SOON, NOTHING).set(other, NOTHING).entries())
                .containsExactly(other);
    }

    @Test
    void remove_deadlines_takesThoseSeen() {
        Deadlines both = Deadlines.EMPTY.set(LATER, NOTHING).set(SOON, NOTHING);

        assertThat(both.remove(NOTHING.with(B, 1)).entries()).containsExactly(SOON);
        assertThat(both.remove(NOTHING.with(B, 1).with(A, 1))).isSameAs(Deadlines.EMPTY);
        assertThat(both.remove(NOTHING)).isEqualTo(both);
        assertThat(Deadlines.EMPTY.remove(NOTHING.with(A, 1))).isSameAs(Deadlines.EMPTY);
    }
}
