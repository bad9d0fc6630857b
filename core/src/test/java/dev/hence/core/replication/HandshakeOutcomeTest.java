package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Node a meets peer b. */
final class HandshakeOutcomeTest {

    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final ReplicaId PEER = new ReplicaId("b", 2);
    private static final VersionVector CLOCK = VersionVector.EMPTY.with(SELF, 5);
    private static final Dot FORGOTTEN = new Dot(SELF, 6);

    private static HandshakeOutcome meet(@Nullable String expectedName, Answer answer) {
        return HandshakeOutcome.of(expectedName, PEER, answer, SELF, CLOCK);
    }

    @Test
    void of_served_follows() {
        assertThat(meet(null, new Answer.Serve(PEER, 0))).isEqualTo(new HandshakeOutcome.Follow());
        assertThat(meet("b", new Answer.Serve(PEER, 0))).isEqualTo(new HandshakeOutcome.Follow());
    }

    @Test
    void of_itself_isNotTriedAgain() {
        assertThat(meet(null, new Answer.Myself())).isEqualTo(new HandshakeOutcome.Myself());
    }

    @Test
    void of_anotherNameThanConfigured_restsWhateverItAnswered() {
        HandshakeOutcome.Rest rest = new HandshakeOutcome.Rest("node name: \"b\" (expected: \"c\")");
        assertThat(meet("c", new Answer.Serve(PEER, 0))).isEqualTo(rest);
        assertThat(meet("c", new Answer.Myself())).isEqualTo(rest);
    }

    @ParameterizedTest
    @MethodSource
    void of_whatKeepsThemApart_restsAndSaysWhy(Answer answer, String why) {
        assertThat(meet(null, answer))
                .isInstanceOfSatisfying(
                        HandshakeOutcome.Rest.class,
                        rest -> assertThat(rest.why()).contains(why));
    }

    static Stream<Arguments> of_whatKeepsThemApart_restsAndSaysWhy() {
        return Stream.of(
                Arguments.of(new Answer.Refuse("cluster: \"x\" (expected: \"y\")"), "cluster: \"x\""),
                Arguments.of(new Answer.SourceRegressed(new Dot(PEER, 9)), PEER + " has lost updates up to"),
                Arguments.of(new Answer.Behind(PEER, 3), "it has fewer updates of " + PEER));
    }

    @Test
    void of_peerWithAnotherUpdateUnderADot_isForkedFromThisNode() {
        assertThat(meet(null, new Answer.Forked(new Dot(PEER, 3))))
                .isInstanceOfSatisfying(HandshakeOutcome.Forked.class, forked -> {
                    assertThat(forked.dot()).isEqualTo(new Dot(PEER, 3));
                    assertThat(forked.why()).contains("another update under the name " + PEER + ":3");
                });
    }

    @Test
    void of_peerThatHasSeenWhatThisNodeForgot_renews() {
        assertThat(meet(null, new Answer.FollowerRegressed(FORGOTTEN)))
                .isInstanceOfSatisfying(
                        HandshakeOutcome.Renew.class,
                        renew -> assertThat(renew.forgotten()).isEqualTo(FORGOTTEN));
    }

    @Test
    void of_peerOfAnotherNameThatHasSeenWhatThisNodeForgot_renewsAllTheSame() {
        assertThat(meet("c", new Answer.FollowerRegressed(FORGOTTEN))).isInstanceOf(HandshakeOutcome.Renew.class);
    }

    @Test
    void of_peerThatHasSeenWhatAnEndedIncarnationForgot_restsForTheNextAnswerIsAnother() {
        Dot ended = new Dot(new ReplicaId("a", 0), 9);
        assertThat(meet(null, new Answer.FollowerRegressed(ended))).isInstanceOf(HandshakeOutcome.Rest.class);
    }

    @Test
    void hasForgotten_onlyWhatIsItsOwnAndNotInItsClock() {
        assertThat(HandshakeOutcome.hasForgotten(FORGOTTEN, SELF, CLOCK)).isTrue();
        assertThat(HandshakeOutcome.hasForgotten(new Dot(SELF, 5), SELF, CLOCK)).isFalse();
        assertThat(HandshakeOutcome.hasForgotten(new Dot(PEER, 1), SELF, CLOCK)).isFalse();
    }
}
