package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.FrameEncoder;
import dev.hence.node.peers.StrangePeer.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Peers that go silent, send invalid messages, or come from the future. */
final class StrangePeerTest extends ClusterTest {

    private static final ReplicaId STRANGER = new ReplicaId("stranger", 9);
    private static final long STAMP = 1_750_000_000_000L << 16;

    /** The size of an operation that assigns a value of one byte to a key of one byte: kind, key, value. */
    private static final int OPERATION_BYTES = 5;

    private static final Timing IMPATIENT = new Timing(
            Duration.ofMillis(50),
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            Duration.ofMillis(50));

    private static Update update(long counter, String value) {
        return Update.of(
                new Dot(STRANGER, counter),
                VersionVector.EMPTY.with(STRANGER, counter - 1),
                STAMP + counter,
                List.of(new Operation.SetString(Bytes.utf8("x"), Bytes.utf8(value))));
    }

    /** The frame of one update, with its whole context. */
    private static Bytes frame(long counter, String value) {
        List<Bytes> frames = new ArrayList<>();
        new FrameEncoder().encode(List.of(update(counter, value)), (frame, before) -> frames.add(frame.bytes()));
        return frames.getFirst();
    }

    private static void serve(FeedWriter out) throws IOException {
        out.answer(new Answer.Serve(STRANGER, 0), Map.of(), STRANGER, "hence", System.currentTimeMillis());
    }

    private void assertGivenUpAndOthersUnaffected(Script script) throws Exception {
        try (StrangePeer silent = new StrangePeer(script)) {
            a.timing = IMPATIENT;
            a.start(b.address(), silent.address());
            b.start(a.address());
            a.awaitDelivered(b.set("x", "B"));
            b.awaitDelivered(a.set("x", "A"));
            eventually("it was given up and asked again", () -> silent.connections() > 2);
            a.awaitDelivered(b.set("x", "C"));
            a.stop();
        }
    }

    @Test
    void silence_beforeTheAnswer_isGivenUp() throws Exception {
        assertGivenUpAndOthersUnaffected(out -> {});
    }

    @Test
    void silence_withinTheHandshake_isGivenUp() throws Exception {
        assertGivenUpAndOthersUnaffected(out -> out.write(StrangePeer.HEAD));
    }

    @Test
    void silence_afterTheHandshake_isGivenUp() throws Exception {
        assertGivenUpAndOthersUnaffected(out -> {
            out.write(StrangePeer.HEAD);
            out.write(StrangePeer.messages(StrangePeerTest::serve));
        });
    }

    @Test
    void silence_whileClosing_holdsNobodyUp() throws Exception {
        try (StrangePeer mute = new StrangePeer(out -> {});
                StrangePeer halfway = new StrangePeer(out -> out.write(StrangePeer.HEAD))) {
            // The stream must not end because of silence.
            a.timing = Cluster.silentFor(Duration.ofDays(1));
            a.start(mute.address(), halfway.address());
            eventually("both are being waited for", () -> mute.connections() + halfway.connections() == 2);
            a.stop();
        }
    }

    @Test
    void largeUpdate_thatComesSlowly_isNoSilence() throws Exception {
        byte[] messages = StrangePeer.messages(writer -> {
            serve(writer);
            writer.frame(frame(1, "v".repeat(1_000)));
        });
        Script trickle = out -> {
            out.write(StrangePeer.HEAD);
            for (int at = 0; at < messages.length; at += 10) {
                out.write(messages, at, Math.min(10, messages.length - at));
                out.flush();
                Thread.sleep(30); // longer in total than the silence limit, but no single pause is
            }
        };
        try (StrangePeer slow = new StrangePeer(trickle)) {
            a.timing = new Timing(
                    Duration.ofMillis(50),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(10),
                    Duration.ofMillis(50));
            a.start(slow.address());
            a.awaitDelivered(new Dot(STRANGER, 1));
            assertThat(slow.connections()).isEqualTo(1);
        }
    }

    @Test
    void unknownOperation_stopsTheFeedSaysSoAndIsNeverSkipped() throws Exception {
        Script future = out -> {
            out.write(StrangePeer.HEAD);
            out.write(StrangePeer.messages(StrangePeerTest::serve));
            out.write(StrangePeer.messages(writer -> writer.frame(frame(1, "known"))));
            Bytes known = frame(2, "v");
            byte[] unknown = known.array().clone();
            unknown[unknown.length - OPERATION_BYTES] = 15;
            out.write(StrangePeer.messages(writer -> writer.frame(Bytes.wrap(unknown))));
        };
        try (StrangePeer newer = new StrangePeer(future)) {
            a.start(newer.address());
            eventuallyAsserted(() -> assertThat(a.replication().linkStates())
                    .anyMatch(state -> state.startsWith("refused: operation: kind 15")));
            eventually("it is asked again", () -> newer.connections() > 1);
            assertThat(a.node().clock().get(STRANGER)).isLessThan(2);
        }
    }

    @Test
    void updateLeftOut_stopsTheFeedAndSaysSo() throws Exception {
        Script forgetful = out -> {
            out.write(StrangePeer.HEAD);
            out.write(StrangePeer.messages(writer -> {
                serve(writer);
                writer.frame(frame(1, "first"));
                writer.frame(frame(3, "third"));
            }));
        };
        try (StrangePeer peer = new StrangePeer(forgetful)) {
            a.start(peer.address());
            eventuallyAsserted(() ->
                    assertThat(a.replication().linkStates()).anyMatch(state -> state.contains("not the next one")));
            assertThat(a.node().status().bufferedCount()).isZero();
        }
    }

    @Test
    void answer_thatThisNodeForgotWhatItMadeSinceItAsked_isReadOn() throws Exception {
        a.start();
        Dot made = a.set("x", "made since it asked");
        try (StrangePeer peer = new StrangePeer(asks(made))) {
            a.stop();
            a.start(peer.address());
            a.awaitDelivered(new Dot(STRANGER, 1));
            assertThat(a.self()).isEqualTo(made.replica());
        }
    }

    @Test
    void answer_thatThisNodeForgotWhatItNeverMade_makesItTakeANewIncarnation() throws Exception {
        a.start();
        Dot made = a.set("x", "made");
        try (StrangePeer peer = new StrangePeer(asks(made.next()))) {
            a.stop();
            a.start(peer.address());
            eventually("a has taken a new incarnation", () -> !a.self().equals(made.replica()));
        }
    }

    /**
     * Has seen a dot of the follower that the follower did not announce, and serves if the follower has made it since.
     */
    private static Script asks(Dot seen) {
        return out -> {
            out.write(StrangePeer.HEAD);
            out.write(StrangePeer.messages(writer -> {
                writer.answer(
                        new Answer.FollowerRegressed(seen), Map.of(), STRANGER, "hence", System.currentTimeMillis());
                serve(writer);
                writer.frame(frame(1, "served"));
            }));
        };
    }
}
