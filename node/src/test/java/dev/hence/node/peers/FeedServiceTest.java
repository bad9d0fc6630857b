package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.node.Node;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.peers.FeedReader.Message;
import dev.hence.node.testing.NodeConfigs;
import dev.hence.node.wire.FeedRequestMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeedServiceTest {

    private static final ReplicaId FOLLOWER = new ReplicaId("follower", 5);
    private static final long STAMP = 1_750_000_000_000L << 16;

    private static final MemoryHolder UNBOUNDED = new MemoryBudget(Long.MAX_VALUE).holder(() -> {});

    @TempDir
    Path directory;

    private Node node;
    private FeedService service;

    @BeforeEach
    void open() {
        node = Node.open(NodeConfigs.alone("a", directory), new SimpleMeterRegistry());
        service = new FeedService(
                node,
                "hence",
                new Members(node, List::of),
                new Followers(Duration.ofSeconds(10)),
                new Forks(node, () -> {}),
                Cluster.PATIENT);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void set(int size) throws InterruptedException {
        node.write(transaction -> {
            transaction.set(Bytes.utf8("x"), Bytes.wrap(new byte[size]));
            return "done";
        });
    }

    private static byte[] request(@Nullable ReplicaId origin, VersionVector applied) {
        return Messages.request(new FeedRequest("hence", FOLLOWER, origin, applied, Map.of()), 0)
                .toByteArray();
    }

    /** All messages of a stream that ends. */
    private List<Message> messages(byte[] request) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FutureTask<String> serving = new FutureTask<>(() -> {
            service.open(request).writeTo(out, UNBOUNDED);
            return "done";
        });
        Thread.ofVirtual().start(serving);
        outcome(serving);
        FeedReader reader = new FeedReader(new ByteArrayInputStream(out.toByteArray()));
        List<Message> messages = new ArrayList<>();
        while (messages.isEmpty() || !(messages.getLast() instanceof Message.Ended)) {
            messages.add(reader.read());
        }
        return messages;
    }

    @Test
    void stream_begins_withTheClocksBeforeAnyUpdate() throws Exception {
        set(1);
        set(1);
        node.announceClosing();
        List<Message> messages = messages(request(null, VersionVector.EMPTY));
        assertThat(messages.get(0)).isInstanceOf(Message.Answered.class);
        assertThat(messages.get(1))
                .isInstanceOfSatisfying(
                        Message.Heard.class,
                        heard -> assertThat(heard.heartbeat().applied()).isEqualTo(node.clock()));
        assertThat(counters(messages)).containsExactly(1L, 2L);
        assertThat(messages.getLast()).isEqualTo(new Message.Ended("closing"));
    }

    @Test
    void stream_resumed_continuesAfterTheCounter() throws Exception {
        set(1);
        set(1);
        set(1);
        node.announceClosing();
        assertThat(counters(messages(request(null, VersionVector.EMPTY.with(node.self(), 2)))))
                .containsExactly(3L);
    }

    @Test
    void stream_ofAnotherOriginThatHasNothingNew_ends() throws Exception {
        Update foreign = Update.of(
                new Dot(FOLLOWER, 1), VersionVector.EMPTY, STAMP, List.of(new Operation.DeleteKey(Bytes.utf8("x"))));
        node.receive(Frame.each(List.of(foreign)), "a test");
        ReplicaId other = new ReplicaId("other", 6);
        List<Message> messages = messages(request(other, VersionVector.EMPTY.with(FOLLOWER, 1)));
        assertThat(messages.getLast()).isEqualTo(new Message.Ended("nothing new"));
    }

    @Test
    void answer_toAFollowerThatMayHaveMadeMoreSinceItAsked_tellsItAndServes() throws Exception {
        Update made = Update.of(
                new Dot(FOLLOWER, 1),
                VersionVector.EMPTY,
                STAMP,
                List.of(new Operation.SetString(Bytes.utf8("y"), Bytes.EMPTY)));
        node.receive(Frame.each(List.of(made)), "a test");
        set(1);
        node.announceClosing();
        List<Message> messages = messages(request(null, VersionVector.EMPTY));
        assertThat(answer(messages.get(0))).isEqualTo(new Answer.FollowerRegressed(made.dot()));
        assertThat(answer(messages.get(1))).isInstanceOf(Answer.Serve.class);
        assertThat(counters(messages)).containsExactly(1L);
    }

    @Test
    void answer_toAFollowerThatHasSeenMoreOfThisNode_isThatItRegressedAndItRenews() throws Exception {
        set(1);
        ReplicaId before = node.self();
        FutureTask<String> serving = new FutureTask<>(() -> {
            service.open(request(null, VersionVector.EMPTY.with(before, 7)))
                    .writeTo(OutputStream.nullOutputStream(), UNBOUNDED);
            return "done";
        });
        Thread.ofVirtual().start(serving);
        outcome(serving);
        assertThat(node.self()).isNotEqualTo(before);
        assertThat(node.self().name()).isEqualTo(before.name());
    }

    @Test
    void stream_whenTheNodeTakesANewIncarnation_ends() throws Exception {
        set(1);
        ReplicaId before = node.self();
        // A stream starts with a write, so it is under way once the write is seen.
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<String> following = new FutureTask<>(() -> {
            service.open(request(null, VersionVector.EMPTY))
                    .writeTo(
                            new OutputStream() {
                                @Override
                                public void write(int b) {
                                    begun.countDown();
                                }
                            },
                            UNBOUNDED);
            return "ended";
        });
        Thread.ofVirtual().start(following);
        begun.await();
        node.identity().renew(before, "a test wants it");
        assertThat(outcome(following)).isEqualTo("ended");
    }

    @Test
    void stream_toASlowFollower_waitsForItAndHoldsNobodyElseUp() throws Exception {
        for (int i = 0; i < 40; i++) {
            set(500_000);
        }
        CountDownLatch reads = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (written.addAndGet(length) > 3_000_000) {
                    try {
                        reads.await();
                    } catch (InterruptedException interrupted) {
                        throw new IOException(interrupted);
                    }
                }
            }
        };
        FutureTask<String> serving = new FutureTask<>(() -> {
            service.open(request(null, VersionVector.EMPTY)).writeTo(slow, UNBOUNDED);
            return "done";
        });
        Thread.ofVirtual().start(serving);
        eventually("the follower does not read", () -> written.get() > 3_000_000);
        set(1);
        assertThat(written.get()).isLessThan(5_000_000);
        node.announceClosing();
        reads.countDown();
        outcome(serving);
    }

    @Test
    void stream_oldUpdatesToFollowersThatDoNotRead_holdsNoMoreThanThereIsAndAnotherOneIsServed() throws Exception {
        int count = 40;
        int bytes = 2_000_000;
        // More than is kept in memory for followers, so the first ones are only in the log.
        for (int i = 0; i < count; i++) {
            set(bytes);
        }
        MemoryBudget memory = new MemoryBudget(3L * bytes);
        List<Unread> unread = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Unread follower = new Unread();
            unread.add(follower);
            Thread.ofVirtual().start(() -> follower.follow(memory));
        }
        eventually("more followers than there is memory for have asked", () -> memory.waiting() > 0);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        FutureTask<String> serving = new FutureTask<>(() -> {
            try (MemoryHolder own = memory.holder(() -> {})) {
                service.open(request(null, VersionVector.EMPTY)).writeTo(read, own);
            }
            return "done";
        });
        Thread.ofVirtual().start(serving);
        eventually("it is served all", () -> read.size() > count * (long) bytes);
        assertThat(unread)
                .anySatisfy(follower -> assertThat(follower.cutOff.getCount()).isZero());
        node.announceClosing();
        outcome(serving);
        unread.forEach(each -> each.cutOff.countDown());
        eventually("all is given back", () -> memory.heldBytes() == 0);
    }

    /** A follower that reads the first bytes of updates and no more, until it is disconnected. */
    private final class Unread extends OutputStream {
        private final CountDownLatch cutOff = new CountDownLatch(1);
        private long written;

        void follow(MemoryBudget memory) {
            try (MemoryHolder held = memory.holder(cutOff::countDown)) {
                this.held = held;
                service.open(request(null, VersionVector.EMPTY)).writeTo(this, held);
            } catch (IOException gone) {
                assertThat(gone).hasMessage("disconnected");
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private @Nullable MemoryHolder held;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            written += length;
            if (written > 100_000 && held != null) {
                held.awaitsClient();
                try {
                    cutOff.await();
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
                throw new IOException("disconnected");
            }
        }
    }

    @Test
    void stream_followerGone_endsAsAnInputOutputError() throws Exception {
        set(1);
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(
                        () -> service.open(request(null, VersionVector.EMPTY)).writeTo(broken, UNBOUNDED))
                .isInstanceOf(IOException.class);
        // It may also go just when a replica is assigned its number.
        AtomicLong left = new AtomicLong(2);
        OutputStream breaking = new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (left.decrementAndGet() == 0) {
                    throw new IOException("gone");
                }
            }
        };
        assertThatThrownBy(
                        () -> service.open(request(null, VersionVector.EMPTY)).writeTo(breaking, UNBOUNDED))
                .isInstanceOf(IOException.class);
    }

    @Test
    void open_whatIsNoRequestOfThisVersion_isRefused() {
        assertThatThrownBy(() -> service.open(new byte[] {1, 2, 3})).isInstanceOf(MalformedRecordException.class);
        byte[] later = FeedRequestMessage.newBuilder()
                .setVersion(99)
                .setCluster("hence")
                .build()
                .toByteArray();
        assertThatThrownBy(() -> service.open(later))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("version: 99 (expected: 3)");
        byte[] nameless = FeedRequestMessage.newBuilder().setVersion(3).build().toByteArray();
        assertThatThrownBy(() -> service.open(nameless)).isInstanceOf(MalformedRecordException.class);
    }

    private static Answer answer(Message message) {
        assertThat(message).isInstanceOf(Message.Answered.class);
        return ((Message.Answered) message).answer();
    }

    private static List<Long> counters(List<Message> messages) {
        List<Long> counters = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Message.Updates updates) {
                updates.frame()
                        .updates()
                        .forEach(update -> counters.add(update.dot().counter()));
            }
        }
        return counters;
    }
}
