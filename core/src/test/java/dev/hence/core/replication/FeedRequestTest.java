package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Lineage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Follower b requests a feed of source a; c is a third node whose updates both may have. */
final class FeedRequestTest {

    private static final ReplicaId SOURCE = new ReplicaId("a", 1);
    private static final ReplicaId FOLLOWER = new ReplicaId("b", 2);
    private static final ReplicaId THIRD = new ReplicaId("c", 3);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final VersionVector SOURCE_CLOCK =
            NOTHING.with(SOURCE, 5).with(FOLLOWER, 2).with(THIRD, 4);

    /** The source's log. */
    private final Map<Dot, Integer> log = new HashMap<>();

    @Test
    void answer_followerNeedsWhatIsDeleted_isToldWhatIsLeft() {
        Lineage.Log trimmed = new Lineage.Log() {
            @Override
            public @Nullable Integer checksum(Dot dot) {
                return log.get(dot);
            }

            @Override
            public long deletedThrough(ReplicaId replica) {
                return replica.equals(SOURCE) ? 3 : 0;
            }
        };
        FeedRequest early = new FeedRequest("hence", FOLLOWER, null, NOTHING.with(SOURCE, 2), Map.of());
        FeedRequest late = new FeedRequest("hence", FOLLOWER, null, NOTHING.with(SOURCE, 3), Map.of());
        FeedRequest third = new FeedRequest("hence", FOLLOWER, THIRD, NOTHING, Map.of());
        VersionVector clock = NOTHING.with(SOURCE, 5).with(THIRD, 4);
        assertThat(early.answer("hence", SOURCE, clock, trimmed)).isEqualTo(new Answer.Gone(SOURCE, 4));
        assertThat(late.answer("hence", SOURCE, clock, trimmed)).isEqualTo(new Answer.Serve(SOURCE, 3));
        assertThat(third.answer("hence", SOURCE, clock, trimmed)).isEqualTo(new Answer.Serve(THIRD, 0));
    }

    @Test
    void answer_followerThatHasNothing_isServedFromTheBeginning() {
        assertThat(ask(null, NOTHING.with(FOLLOWER, 2))).isEqualTo(new Answer.Serve(SOURCE, 0));
    }

    @Test
    void answer_followerThatHasSome_isServedWhatFollows() {
        assertThat(ask(SOURCE, NOTHING.with(FOLLOWER, 2).with(SOURCE, 3))).isEqualTo(new Answer.Serve(SOURCE, 3));
    }

    @Test
    void answer_followerThatHasAll_isServedWhatIsStillToCome() {
        assertThat(ask(null, SOURCE_CLOCK)).isEqualTo(new Answer.Serve(SOURCE, 5));
    }

    @Test
    void answer_anotherOriginsUpdates_areRelayed() {
        assertThat(ask(THIRD, NOTHING.with(FOLLOWER, 2).with(THIRD, 1))).isEqualTo(new Answer.Serve(THIRD, 1));
    }

    @Test
    void answer_earlierIncarnationOfTheFollower_isRelayed() {
        ReplicaId renewed = new ReplicaId("b", 22);
        FeedRequest request = new FeedRequest("hence", renewed, FOLLOWER, NOTHING, Map.of());

        assertThat(request.answer("hence", SOURCE, SOURCE_CLOCK, log::get)).isEqualTo(new Answer.Serve(FOLLOWER, 0));
    }

    @Test
    void answer_originOfWhichTheSourceHasLess_isBehind() {
        assertThat(ask(THIRD, NOTHING.with(FOLLOWER, 2).with(THIRD, 6))).isEqualTo(new Answer.Behind(THIRD, 4));
    }

    @Test
    void answer_otherCluster_isRefused() {
        FeedRequest request = new FeedRequest("staging", FOLLOWER, null, NOTHING, Map.of());

        assertThat(request.answer("hence", SOURCE, NOTHING, log::get))
                .isEqualTo(new Answer.Refuse("cluster: \"staging\" (expected: \"hence\")"));
    }

    @Test
    void answer_nodeThatAsksItself_isToldSo() {
        FeedRequest request = new FeedRequest("hence", SOURCE, null, NOTHING, Map.of());

        assertThat(request.answer("hence", SOURCE, SOURCE_CLOCK, log::get)).isEqualTo(new Answer.Myself());
    }

    @Test
    void answer_followerWithTheSourcesName_isRefused() {
        FeedRequest request = new FeedRequest("hence", new ReplicaId("a", 99), null, NOTHING, Map.of());

        assertThat(request.answer("hence", SOURCE, SOURCE_CLOCK, log::get))
                .isEqualTo(new Answer.Refuse("node name: \"a\" is taken by a~0000000000000001"
                        + " (expected: a unique name for every node)"));
    }

    @Test
    void answer_followerThatAnnouncesLessThanWasSeenOfIt_hasRegressed() {
        assertThat(ask(null, NOTHING.with(FOLLOWER, 1))).isEqualTo(new Answer.FollowerRegressed(new Dot(FOLLOWER, 2)));
    }

    @Test
    void answer_followerThatHasSeenMoreOfTheSourceThanItHas_showsThatTheSourceRegressed() {
        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(SOURCE, 6)))
                .isEqualTo(new Answer.SourceRegressed(new Dot(SOURCE, 6)));
        assertThat(ask(THIRD, NOTHING.with(FOLLOWER, 2).with(SOURCE, 6)))
                .as("whatever origin is asked for")
                .isEqualTo(new Answer.SourceRegressed(new Dot(SOURCE, 6)));
    }

    @Test
    void answer_sameChecksumOfTheLastCommonUpdate_isServed() {
        log.put(new Dot(SOURCE, 3), 77);

        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(SOURCE, 3), Map.of(SOURCE, 77)))
                .isEqualTo(new Answer.Serve(SOURCE, 3));
    }

    @Test
    void answer_otherChecksumOfTheLastCommonUpdate_isAFork() {
        log.put(new Dot(SOURCE, 3), 77);
        log.put(new Dot(THIRD, 4), 88);

        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(SOURCE, 3), Map.of(SOURCE, 78)))
                .isEqualTo(new Answer.Forked(new Dot(SOURCE, 3)));
        assertThat(ask(THIRD, NOTHING.with(FOLLOWER, 2).with(THIRD, 4), Map.of(THIRD, 89)))
                .isEqualTo(new Answer.Forked(new Dot(THIRD, 4)));
    }

    @Test
    void answer_forkOfAnyReplicaThatBothKnow_isFoundWhateverIsWanted() {
        log.put(new Dot(THIRD, 3), 88);

        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(THIRD, 3), Map.of(THIRD, 89)))
                .isEqualTo(new Answer.Forked(new Dot(THIRD, 3)));
    }

    @Test
    void answer_followerThatForgotAndWroteOn_hasForkedRatherThanRegressed() {
        log.put(new Dot(FOLLOWER, 1), 66);

        assertThat(ask(null, NOTHING.with(FOLLOWER, 1), Map.of(FOLLOWER, 67)))
                .isEqualTo(new Answer.Forked(new Dot(FOLLOWER, 1)));
        assertThat(ask(null, NOTHING.with(FOLLOWER, 1), Map.of(FOLLOWER, 66)))
                .isEqualTo(new Answer.FollowerRegressed(new Dot(FOLLOWER, 2)));
    }

    @Test
    void held_whereTheFollowerHasMore_isWhatItComparesItself() {
        log.put(new Dot(SOURCE, 5), 77);
        FeedRequest request =
                new FeedRequest("hence", FOLLOWER, null, NOTHING.with(SOURCE, 9).with(FOLLOWER, 2), Map.of());

        Map<Dot, Integer> held = request.held(SOURCE_CLOCK, log::get);

        assertThat(held).containsExactly(Map.entry(new Dot(SOURCE, 5), 77));
        assertThat(FeedRequest.differing(held, dot -> 77)).isNull();
        assertThat(FeedRequest.differing(held, dot -> 78)).isEqualTo(new Dot(SOURCE, 5));
    }

    @Test
    void answer_whatTheFollowerFoundToDiffer_isAForkForTheSourceToo() {
        log.put(new Dot(SOURCE, 2), 77);
        FeedRequest.Answer answer = FeedRequest.of(
                        "hence",
                        FOLLOWER,
                        null,
                        NOTHING.with(SOURCE, 9),
                        dot -> dot.counter() == 2 ? 78 : null,
                        List.of(new Dot(SOURCE, 2)))
                .answer("hence", SOURCE, SOURCE_CLOCK, log::get);

        assertThat(answer).isEqualTo(new Answer.Forked(new Dot(SOURCE, 2)));
    }

    @Test
    void answer_checksumThatOneOfThemDoesNotHave_isNotCompared() {
        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(SOURCE, 3), Map.of(SOURCE, 78)))
                .as("the source's log was cut")
                .isEqualTo(new Answer.Serve(SOURCE, 3));

        log.put(new Dot(SOURCE, 3), 77);
        assertThat(ask(null, NOTHING.with(FOLLOWER, 2).with(SOURCE, 3), Map.of(THIRD, 1)))
                .as("the follower did not say")
                .isEqualTo(new Answer.Serve(SOURCE, 3));
    }

    private Answer ask(@Nullable ReplicaId origin, VersionVector applied) {
        return ask(origin, applied, Map.of());
    }

    private Answer ask(@Nullable ReplicaId origin, VersionVector applied, Map<ReplicaId, Integer> checksums) {
        return new FeedRequest("hence", FOLLOWER, origin, applied, checksums)
                .answer("hence", SOURCE, SOURCE_CLOCK, log::get);
    }
}
