package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Frame;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Follower b reads a feed of source a; c is another origin that a may relay. */
final class FollowedFeedTest {

    private static final ReplicaId SOURCE = new ReplicaId("a", 1);
    private static final ReplicaId FOLLOWER = new ReplicaId("b", 2);
    private static final ReplicaId ORIGIN = new ReplicaId("c", 3);
    private static final VersionVector APPLIED =
            VersionVector.EMPTY.with(SOURCE, 4).with(FOLLOWER, 7);

    private static FollowedFeed asked(@Nullable ReplicaId origin) {
        return new FollowedFeed(new FeedRequest("hence", FOLLOWER, origin, APPLIED, Map.of()));
    }

    private static FollowedFeed served() {
        FollowedFeed feed = asked(null);
        assertThat(feed.answered(SOURCE, new Answer.Serve(SOURCE, 0), Map.of(), APPLIED, dot -> null))
                .isTrue();
        return feed;
    }

    @Test
    void answered_serve_isInForceAndBeginsAfterWhatWasAppliedAndNotWhereTheWireSays() {
        FollowedFeed feed = served();
        assertThat(feed.source()).isEqualTo(SOURCE);
        assertThat(feed.answer()).isInstanceOf(Answer.Serve.class);
        assertThat(feed.lastCounter()).isEqualTo(4);
    }

    @Test
    void answered_whatThisNodeMadeSinceItAskedIsTakenForForgotten_waitsForTheAnswerThatFollows() {
        FollowedFeed feed = asked(null);
        Answer regressed = new Answer.FollowerRegressed(new Dot(FOLLOWER, 9));
        assertThat(feed.answered(SOURCE, regressed, Map.of(), APPLIED.with(FOLLOWER, 9), dot -> null))
                .isFalse();
        assertThat(feed.answered(SOURCE, new Answer.Serve(SOURCE, 0), Map.of(), APPLIED, dot -> null))
                .isTrue();
        feed.received(Frame.of(Updates.of(SOURCE, 5)));
        assertThat(feed.lastCounter()).isEqualTo(5);
    }

    @Test
    void answered_whatThisNodeNeverMade_isInForce() {
        FollowedFeed feed = asked(null);
        Answer regressed = new Answer.FollowerRegressed(new Dot(FOLLOWER, 9));
        assertThat(feed.answered(SOURCE, regressed, Map.of(), APPLIED.with(FOLLOWER, 8), dot -> null))
                .isTrue();
        assertThat(feed.answer()).isEqualTo(regressed);
    }

    @Test
    void answered_thatTwice_isNotWaitedForAThirdTime() {
        FollowedFeed feed = asked(null);
        Answer regressed = new Answer.FollowerRegressed(new Dot(FOLLOWER, 7));
        assertThat(feed.answered(SOURCE, regressed, Map.of(), APPLIED, dot -> null))
                .isFalse();
        assertThat(feed.answered(SOURCE, regressed, Map.of(), APPLIED, dot -> null))
                .isTrue();
    }

    @Test
    void answered_serveOfAnotherOriginThanAskedFor_isBroken() {
        assertThatThrownBy(
                        () -> asked(null).answered(SOURCE, new Answer.Serve(ORIGIN, 0), Map.of(), APPLIED, dot -> null))
                .isInstanceOf(FeedBrokenException.class)
                .hasMessageContaining("serves " + ORIGIN + " (expected: " + SOURCE + ")");
        assertThatThrownBy(() ->
                        asked(ORIGIN).answered(SOURCE, new Answer.Serve(SOURCE, 0), Map.of(), APPLIED, dot -> null))
                .isInstanceOf(FeedBrokenException.class);
    }

    @Test
    void received_oneAfterTheOther_isAccepted() {
        FollowedFeed feed = asked(ORIGIN);
        feed.answered(SOURCE, new Answer.Serve(ORIGIN, 0), Map.of(), APPLIED, dot -> null);
        feed.received(Frame.of(Updates.of(ORIGIN, 1)));
        feed.received(Frame.of(Updates.of(ORIGIN, 2)));
        assertThat(feed.lastCounter()).isEqualTo(2);
    }

    @Test
    void received_notTheNextOne_isBrokenAndChangesNothing() {
        FollowedFeed feed = served();
        for (Dot wrong : new Dot[] {new Dot(SOURCE, 6), new Dot(SOURCE, 4), new Dot(ORIGIN, 5)}) {
            assertThatThrownBy(() -> feed.received(Frame.of(Updates.of(wrong.replica(), wrong.counter()))))
                    .isInstanceOf(FeedBrokenException.class)
                    .hasMessageContaining("not the next one (expected: counter 5");
        }
        feed.received(Frame.of(Updates.of(SOURCE, 5)));
        assertThat(feed.lastCounter()).isEqualTo(5);
    }

    @Test
    void received_onAFeedThatIsNotServed_isBroken() {
        FollowedFeed feed = asked(null);
        feed.answered(SOURCE, new Answer.Refuse("a test wants it"), Map.of(), APPLIED, dot -> null);
        assertThatThrownBy(() -> feed.received(Frame.of(Updates.of(SOURCE, 5))))
                .isInstanceOf(FeedBrokenException.class);
    }

    @Test
    void answer_beforeThereIsOne_isAMistakeOfTheHost() {
        FollowedFeed feed = asked(null);
        assertThatThrownBy(feed::answer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(feed::source).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> feed.received(Frame.of(Updates.of(SOURCE, 5))))
                .isInstanceOf(IllegalStateException.class);
    }
}
