package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.Strangers.Follower;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node with the peer b is followed by b and by d. */
final class StrangersTest {

    private static final Follower B = new Follower(new ReplicaId("b", 1), VersionVector.EMPTY);
    private static final Follower D = new Follower(new ReplicaId("d", 1), VersionVector.EMPTY);
    private static final Follower D_AGAIN = new Follower(new ReplicaId("d", 2), VersionVector.EMPTY);
    private static final Set<String> KNOWN = Set.of("b");
    private static final long GRACE = 10_000;

    private final Strangers strangers = new Strangers(GRACE);
    private long millis = 3_000;

    private List<Follower> after(long passed, Set<String> known, boolean complete) {
        millis += passed;
        return strangers.look(known, complete, millis);
    }

    @Test
    void look_anUnknownNodeFollowsForAWhile_isAStranger() {
        strangers.began(B);
        strangers.began(D);

        assertThat(after(0, KNOWN, true)).isEmpty();
        assertThat(after(GRACE - 1, KNOWN, true)).isEmpty();
        assertThat(after(1, KNOWN, true)).containsExactly(D);
    }

    @Test
    void look_itIsKnownMeanwhile_isNone() {
        strangers.began(D);
        after(0, KNOWN, true);
        assertThat(after(GRACE - 1, Set.of("b", "d"), true)).isEmpty();

        assertThat(after(1, KNOWN, true)).as("the time begins again").isEmpty();
        assertThat(after(GRACE, KNOWN, true)).containsExactly(D);
        assertThat(after(0, Set.of("b", "d"), true)).isEmpty();
    }

    @Test
    void look_aPeerIsKnownByItsAddressAlone_callsNobodyAStranger() {
        strangers.began(D);

        assertThat(after(0, KNOWN, false)).isEmpty();
        assertThat(after(10 * GRACE, KNOWN, false)).as("it may be that peer").isEmpty();
        assertThat(after(0, KNOWN, true)).isEmpty();
        assertThat(after(GRACE, KNOWN, true)).containsExactly(D);
    }

    @Test
    void look_itFollowsNoMore_isNone() {
        strangers.began(D);
        after(0, KNOWN, true);
        strangers.ended(D.node());

        assertThat(after(GRACE, KNOWN, true)).isEmpty();
    }

    @Test
    void look_itsNextStreamBeginsBeforeTheLastOneEnds_isAStrangerAllTheTime() {
        strangers.began(D);
        after(0, KNOWN, true);
        strangers.began(D_AGAIN);
        strangers.ended(D.node());

        assertThat(after(GRACE, KNOWN, true)).containsExactly(D_AGAIN);
    }
}
