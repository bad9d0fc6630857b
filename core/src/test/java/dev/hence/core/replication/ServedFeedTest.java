package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.ServedFeed.Moment;
import dev.hence.core.replication.ServedFeed.Next;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Source a serves follower b; c is another origin whose updates a may relay. */
final class ServedFeedTest {

    private static final ReplicaId SOURCE = new ReplicaId("a", 1);
    private static final ReplicaId RENEWED = new ReplicaId("a", 11);
    private static final ReplicaId FOLLOWER = new ReplicaId("b", 2);
    private static final ReplicaId ORIGIN = new ReplicaId("c", 3);
    private static final VersionVector NOTHING = VersionVector.EMPTY;
    private static final long BEAT_MILLIS = 100;
    private static final long IDLE_MILLIS = 1_000;
    private static final ServedFeed.Timing TIMING = new ServedFeed.Timing(BEAT_MILLIS, IDLE_MILLIS);

    /** The source's published updates, and its clock, which the tests move. */
    private VersionVector published = NOTHING;

    private ReplicaId self = SOURCE;
    private boolean closing;
    private long millis = 1_000_000;

    private Moment now() {
        return new Moment(self, published, closing, millis);
    }

    private ServedFeed open(@Nullable ReplicaId origin, VersionVector applied) {
        FeedRequest request = new FeedRequest("hence", FOLLOWER, origin, applied, Map.of());
        return ServedFeed.open(request, "hence", now(), dot -> null, TIMING);
    }

    /** A feed whose first heartbeat was sent. */
    private ServedFeed served(@Nullable ReplicaId origin, VersionVector applied) {
        ServedFeed feed = open(origin, applied);
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        return feed;
    }

    @Test
    void open_followerThatHasSome_servesWhatFollows() {
        published = NOTHING.with(SOURCE, 5);
        ServedFeed feed = open(null, NOTHING.with(SOURCE, 3));
        assertThat(feed.answers()).containsExactly(new Answer.Serve(SOURCE, 3));
        assertThat(feed.isServing()).isTrue();
        assertThat(feed.origin()).isEqualTo(SOURCE);
        assertThat(feed.sent()).isEqualTo(3);
    }

    @Test
    void open_followerThatMayHaveMadeMoreSinceItAsked_tellsItAndServes() {
        published = NOTHING.with(SOURCE, 5).with(FOLLOWER, 2);
        ServedFeed feed = open(null, NOTHING.with(FOLLOWER, 1));
        assertThat(feed.answers())
                .containsExactly(new Answer.FollowerRegressed(new Dot(FOLLOWER, 2)), new Answer.Serve(SOURCE, 0));
        assertThat(feed.isServing()).isTrue();
    }

    @Test
    void open_followerThatMayHaveMadeMoreButIsToBeRefused_isToldBoth() {
        published = NOTHING.with(SOURCE, 5).with(FOLLOWER, 2);
        ServedFeed feed = open(null, NOTHING.with(SOURCE, 6));
        assertThat(feed.answers())
                .containsExactly(
                        new Answer.FollowerRegressed(new Dot(FOLLOWER, 2)),
                        new Answer.SourceRegressed(new Dot(SOURCE, 6)));
        assertThat(feed.isServing()).isFalse();
    }

    @Test
    void open_refused_servesNothing() {
        FeedRequest request = new FeedRequest("other", FOLLOWER, null, NOTHING, Map.of());
        ServedFeed feed = ServedFeed.open(request, "hence", now(), dot -> null, TIMING);
        assertThat(feed.answers()).singleElement().isInstanceOf(Answer.Refuse.class);
        assertThat(feed.isServing()).isFalse();
    }

    @Test
    void next_atTheBeginning_tellsTheClocksBeforeAnyUpdate() {
        published = NOTHING.with(SOURCE, 2);
        ServedFeed feed = open(null, NOTHING);
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isEqualTo(new Next.Send(SOURCE, 0, 2));
    }

    @Test
    void next_nothingMorePublished_waitsForTheNextHeartbeat() {
        ServedFeed feed = served(null, NOTHING);
        millis += 30;
        assertThat(feed.next(now())).isEqualTo(new Next.Wait(BEAT_MILLIS - 30));
        millis += BEAT_MILLIS - 30;
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isEqualTo(new Next.Wait(BEAT_MILLIS));
    }

    @Test
    void next_afterALongPause_beatsOnceAndNotForEachIntervalMissed() {
        ServedFeed feed = served(null, NOTHING);
        millis += 10 * BEAT_MILLIS;
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isEqualTo(new Next.Wait(BEAT_MILLIS));
    }

    @Test
    void next_whileThereIsMuchToSend_beatsAllTheSame() {
        published = NOTHING.with(SOURCE, 100);
        ServedFeed feed = served(null, NOTHING);
        feed.next(now());
        feed.sent(new Dot(SOURCE, 1), 1, millis);
        millis += BEAT_MILLIS;
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isEqualTo(new Next.Send(SOURCE, 1, 100));
    }

    @Test
    void next_moreThanWasSent_continuesAfterTheLastOneSent() {
        published = NOTHING.with(SOURCE, 2);
        ServedFeed feed = served(null, NOTHING);
        feed.next(now());
        feed.sent(new Dot(SOURCE, 1), 1, millis);
        feed.sent(new Dot(SOURCE, 2), 1, millis);
        assertThat(feed.next(now())).isInstanceOf(Next.Wait.class);
        published = published.with(SOURCE, 3);
        assertThat(feed.next(now())).isEqualTo(new Next.Send(SOURCE, 2, 3));
    }

    @Test
    void sent_notTheNextOneOfTheOrigin_isABrokenInvariant() {
        published = NOTHING.with(SOURCE, 5).with(ORIGIN, 5);
        ServedFeed feed = served(null, NOTHING.with(SOURCE, 1));
        feed.next(now());
        for (Dot wrong : new Dot[] {new Dot(SOURCE, 3), new Dot(SOURCE, 1), new Dot(ORIGIN, 2)}) {
            assertThatThrownBy(() -> feed.sent(wrong, 1, millis))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected: counter 2");
        }
        feed.sent(new Dot(SOURCE, 2), 1, millis);
        assertThat(feed.sent()).isEqualTo(2);
    }

    @Test
    void sent_publishedAfterTheStepThatOfferedLess_isABrokenInvariant() {
        published = NOTHING.with(SOURCE, 1);
        ServedFeed feed = served(null, NOTHING);
        feed.next(now());
        published = NOTHING.with(SOURCE, 2);
        feed.sent(new Dot(SOURCE, 1), 1, millis);

        assertThatThrownBy(() -> feed.sent(new Dot(SOURCE, 2), 1, millis))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at most counter 1");
    }

    @Test
    void next_closing_offersWhatWasPublishedOnceMoreAndEnds() {
        published = NOTHING.with(SOURCE, 3);
        closing = true;
        ServedFeed feed = served(null, NOTHING);
        assertThat(feed.next(now())).isEqualTo(new Next.Send(SOURCE, 0, 3));
        // Only a part of it fitted.
        feed.sent(new Dot(SOURCE, 1), 1, millis);
        assertThat(feed.next(now())).isEqualTo(new Next.End("closing"));
    }

    @Test
    void next_closingWithNothingLeft_ends() {
        ServedFeed feed = served(null, NOTHING);
        closing = true;
        assertThat(feed.next(now())).isEqualTo(new Next.End("closing"));
    }

    @Test
    void next_sourceWithANewIncarnation_sendsWhatTheOldOneMadeAndEnds() {
        published = NOTHING.with(SOURCE, 1);
        ServedFeed feed = served(null, NOTHING);
        self = RENEWED;
        published = published.with(RENEWED, 7);
        assertThat(feed.next(now())).isEqualTo(new Next.Send(SOURCE, 0, 1));
        feed.sent(new Dot(SOURCE, 1), 1, millis);
        assertThat(feed.next(now())).isEqualTo(new Next.End("this node has taken a new incarnation"));
    }

    @Test
    void next_ownFeedThatIsIdle_goesOn() {
        ServedFeed feed = served(null, NOTHING);
        millis += 10 * IDLE_MILLIS;
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isInstanceOf(Next.Wait.class);
    }

    @Test
    void next_relayedFeedThatIsIdle_endsAndNotBefore() {
        ServedFeed feed = served(ORIGIN, NOTHING);
        millis += IDLE_MILLIS;
        assertThat(feed.next(now())).isEqualTo(new Next.Beat());
        assertThat(feed.next(now())).isInstanceOf(Next.Wait.class);
        millis++;
        assertThat(feed.next(now())).isEqualTo(new Next.End("nothing new"));
    }

    @Test
    void next_relayedFeedToASlowFollower_goesOnAsLongAsThereIsMore() {
        published = NOTHING.with(ORIGIN, 3);
        ServedFeed feed = served(ORIGIN, NOTHING);
        for (long counter = 1; counter <= 3; counter++) {
            millis += 2 * IDLE_MILLIS;
            assertThat(feed.next(now())).isEqualTo(new Next.Beat());
            assertThat(feed.next(now())).isEqualTo(new Next.Send(ORIGIN, counter - 1, 3));
            feed.sent(new Dot(ORIGIN, counter), 1, millis);
        }
        assertThat(feed.next(now())).isInstanceOf(Next.Wait.class);
    }
}
