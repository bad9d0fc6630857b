package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.node.Node;
import dev.hence.node.testing.NodeConfigs;
import dev.hence.property.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream is registered as open before its peer has responded, and code that iterates over the open streams asks for
 * its origin.
 */
final class FeedStreamTest {

    private static final ReplicaId PEER = new ReplicaId("peer", 9);

    @TempDir
    Path directory;

    private final OpenStreams open = new OpenStreams();
    private final CountDownLatch answers = new CountDownLatch(1);

    /** Starts its response at once, and completes it only when allowed. */
    private StrangePeer slowPeer() throws IOException {
        byte[] answer = StrangePeer.messages(messages ->
                messages.answer(new Answer.Serve(PEER, 0), Map.of(), PEER, "hence", System.currentTimeMillis()));
        return new StrangePeer(out -> {
            out.write(StrangePeer.HEAD);
            out.flush();
            answers.await();
            out.write(answer);
            out.flush();
        });
    }

    private FutureTask<FeedStream> connect(Node node, StrangePeer peer) {
        FeedStream.Connector connector =
                new FeedStream.Connector(node, "hence", Eventually.LIMIT, Eventually.LIMIT, open);
        FutureTask<FeedStream> connected = new FutureTask<>(() -> connector.connect(peer.address(), null, List.of()));
        Thread.ofVirtual().start(connected);
        return connected;
    }

    @Test
    void origin_beforeThePeerHasAnswered_isNone() throws Exception {
        try (Node node = Node.open(NodeConfigs.alone("node1", directory), new SimpleMeterRegistry());
                StrangePeer peer = slowPeer()) {
            FutureTask<FeedStream> connected = connect(node, peer);
            eventually("the stream is among the open ones", () -> open.count() == 1);

            open.closeOf(PEER);

            assertThat(open.count()).isEqualTo(1);
            answers.countDown();
            assertThat(outcome(connected).origin()).isEqualTo(PEER);
            open.closeOf(PEER);
            assertThat(open.count()).isZero();
        }
    }

    @Test
    void connect_closedBeforeThePeerHasAnswered_fails() throws Exception {
        try (Node node = Node.open(NodeConfigs.alone("node1", directory), new SimpleMeterRegistry());
                StrangePeer peer = slowPeer()) {
            FutureTask<FeedStream> connected = connect(node, peer);
            eventually("the stream is among the open ones", () -> open.count() == 1);

            open.closeOpen();

            assertThatThrownBy(() -> outcome(connected))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }
}
