package dev.hence.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the log on disk with a list of delivered updates, after random batches of three replicas. */
final class UpdateLogTest {

    private static final int PLENTY = 1 << 30;
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(10_000, 1L << 30), 1L << 20);

    @TempDir
    Path directory;

    /** A replica in memory, which passes on the updates that it delivers. */
    private static final class Writer {
        final MemoryState memory = new MemoryState();
        final Replica replica;

        Writer(Replica.Recovered recovered) {
            replica = new Replica(recovered, memory, LIMITS);
        }

        void write(int bytes) {
            replica.write(Batches.NOW, transaction -> {
                transaction.set(Bytes.utf8("k"), Bytes.wrap(new byte[bytes]));
                return "";
            });
        }

        List<Update> delivered() {
            CommitBatch changes = replica.takeChanges();
            if (changes == null) {
                return List.of();
            }
            memory.store(changes.keys());
            return changes.delivered();
        }
    }

    private Storage open() {
        return DataDirectory.open(directory, "node1", "hence", FsyncPolicy.NEVER);
    }

    @Test
    void log_afterRandomBatches_answersAsTheListOfDeliveries() {
        SplittableRandom random = new SplittableRandom(7);
        Storage storage = open();
        Writer self = new Writer(storage.recovered());
        List<Writer> others = List.of(
                new Writer(Replica.Recovered.fresh(new ReplicaId("node2", 2))),
                new Writer(Replica.Recovered.fresh(new ReplicaId("node3", 3))));
        List<Update> delivered = new ArrayList<>();

        for (int batch = 0; batch < 60; batch++) {
            for (int i = random.nextInt(batch % 20 == 0 ? 700 : 8); i >= 0; i--) {
                step(random, self, others);
            }
            CommitBatch changes = self.replica.takeChanges();
            if (changes != null) {
                self.memory.store(changes.keys());
                storage.commit(changes, false);
                delivered.addAll(changes.delivered());
            }
            if (batch == 30) {
                storage.close();
                storage = open();
            }
        }

        assertThat(delivered.size()).isGreaterThan(500);
        requireEqual(random, storage, delivered);
        storage.close();
    }

    private static void step(SplittableRandom random, Writer self, List<Writer> others) {
        Writer other = others.get(random.nextInt(2));
        switch (random.nextInt(4)) {
            case 0, 1 -> self.write(random.nextInt(100) == 0 ? 50_000 : 5);
            case 2 -> {
                other.write(5);
                for (Update update : other.delivered()) {
                    self.replica.receive(update, Batches.NOW);
                    others.forEach(each -> each.replica.receive(update, Batches.NOW));
                }
            }
            default -> others.forEach(Writer::delivered);
        }
    }

    private static void requireEqual(SplittableRandom random, Storage storage, List<Update> delivered) {
        for (int place = 0; place < delivered.size(); place++) {
            assertThat(storage.sequenceOf(delivered.get(place).dot())).isEqualTo(place);
        }
        assertThat(storage.deliveries(0, PLENTY, PLENTY)).isEqualTo(delivered);
        for (int query = 0; query < 100; query++) {
            Update some = delivered.get(random.nextInt(delivered.size()));
            assertThat(storage.update(some.dot())).isEqualTo(some);
            ReplicaId origin = some.dot().replica();
            long after = random.nextLong(some.dot().counter() + 1);
            List<Update> following = delivered.stream()
                    .filter(each ->
                            each.dot().replica().equals(origin) && each.dot().counter() > after)
                    .toList();
            assertThat(storage.updatesOf(origin, after, PLENTY)).isEqualTo(following);
            assertThat(storage.updatesOf(origin, after, 5_000)).isEqualTo(prefix(following, 5_000));
            requireFrames(random, storage, origin, after, following);
            int from = random.nextInt(delivered.size());
            int count = 1 + random.nextInt(400);
            assertThat(storage.deliveries(from, count, PLENTY))
                    .isEqualTo(delivered.subList(from, Math.min(delivered.size(), from + count)));
        }
        assertThat(storage.deliveries(delivered.size(), 1, PLENTY)).isEmpty();
        for (Update each : delivered) {
            Dot beyond = new Dot(each.dot().replica(), each.dot().counter() + delivered.size());
            assertThat(storage.sequenceOf(beyond)).isEqualTo(-1);
        }
    }

    /** Follows a stream of frames, which begins after a counter and is read in parts, up to some counter. */
    private static void requireFrames(
            SplittableRandom random, Storage storage, ReplicaId origin, long after, List<Update> following) {
        int count = following.isEmpty() ? 0 : 1 + random.nextInt(following.size());
        FrameDecoder decoder = new FrameDecoder();
        List<Update> received = new ArrayList<>();
        while (received.size() < count) {
            List<EncodedFrame> frames = storage.framesOf(
                    origin, after + received.size(), after + count, random.nextInt(5_000), received.isEmpty());
            assertThat(frames).isNotEmpty();
            for (EncodedFrame frame : frames) {
                assertThat(frame.header().first()).isEqualTo(after + received.size() + 1);
                received.addAll(decoder.decode(frame.bytes()).updates());
            }
        }
        assertThat(received).isEqualTo(following.subList(0, count));
        assertThat(storage.framesOf(origin, after + following.size(), PLENTY, PLENTY, true))
                .isEmpty();
    }

    @Test
    void frames_ofAPeer_areStoredAsTheyArrived() {
        SplittableRandom random = new SplittableRandom(11);
        Storage origin = open();
        Writer self = new Writer(origin.recovered());
        Storage follower = DataDirectory.open(directory.resolve("follower"), "node2", "hence", FsyncPolicy.NEVER);
        Writer other = new Writer(follower.recovered());
        FrameDecoder decoder = new FrameDecoder();
        int same = 0;
        int all = 0;
        for (int batch = 0; batch < 200; batch++) {
            for (int left = random.nextInt(30); left >= 0; left--) {
                self.write(random.nextInt(100));
            }
            long sent = other.replica.clock().get(self.replica.self());
            commit(self, origin);
            for (EncodedFrame frame : origin.framesOf(self.replica.self(), sent, Long.MAX_VALUE, PLENTY, sent == 0)) {
                assertThat(other.replica.receive(decoder.decode(frame.bytes()), Batches.NOW))
                        .isEqualTo(new Receipt.Delivered());
                if (random.nextInt(3) == 0) {
                    other.write(5);
                }
                commit(other, follower);
                List<EncodedFrame> stored = follower.framesOf(
                        self.replica.self(),
                        frame.header().first() - 1,
                        frame.header().last(),
                        PLENTY,
                        false);
                same += stored.equals(List.of(frame)) ? 1 : 0;
                all++;
            }
        }
        // Only the first frame of a block is encoded again.
        assertThat(all - same).isPositive().isLessThan(all / 10);
        List<Update> written = origin.updatesOf(self.replica.self(), 0, PLENTY);
        assertThat(follower.updatesOf(self.replica.self(), 0, PLENTY)).isEqualTo(written);
        follower.close();
        origin.close();
    }

    private static void commit(Writer writer, Storage storage) {
        CommitBatch changes = writer.replica.takeChanges();
        if (changes != null) {
            writer.memory.store(changes.keys());
            storage.commit(changes, false);
        }
    }

    /** As many as fit into the bytes, including the one that reaches the limit, with 300 bytes of overhead for each. */
    private static List<Update> prefix(List<Update> updates, long bytesMax) {
        long bytes = 0;
        int count = 0;
        while (count < updates.size() && bytes < bytesMax) {
            bytes += updates.get(count++).sizeBytes() + 300;
        }
        return updates.subList(0, count);
    }

    @Test
    void updates_ofOneCommit_shareTheirMetadata() throws IOException {
        try (Storage storage = open()) {
            Writer self = new Writer(storage.recovered());
            for (int i = 0; i < 256; i++) {
                self.write(5);
            }
            storage.commit(Objects.requireNonNull(self.replica.takeChanges()), false);
        }
        // A SET of a key of one byte to a value of five takes nine bytes.
        assertThat(Files.size(Crash.logs(directory).getLast())).isLessThan(200 + 256 * (9 + 1));
    }

    @Test
    void log_damagedByte_failsAsTheStorageDoes() throws IOException {
        try (Storage storage = open()) {
            Writer self = new Writer(storage.recovered());
            self.write(5);
            storage.commit(Objects.requireNonNull(self.replica.takeChanges()), false);
            Path segment = Crash.logs(directory).getLast();
            Crash.flip(segment, Files.size(segment) - 1, 1);
            ReplicaId origin = storage.recovered().self();
            assertThatThrownBy(() -> storage.updatesOf(origin, 0, PLENTY))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("log: ")
                    .hasMessageContaining("wrong checksum");
        }
    }
}
