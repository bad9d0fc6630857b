package dev.hence.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Lineage;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of what replicas deliver, and of random updates, to bytes and back. */
final class FrameTest {

    private static final int SEEDS = 300;
    private static final long NOW = 1_750_000_000_000L;
    private static final ReplicaId ORIGIN = new ReplicaId("node1", 0x00c0ffee00c0ffeeL);

    private final FrameEncoder encoder = new FrameEncoder();

    private List<EncodedFrame> encode(List<Update> updates) {
        List<EncodedFrame> frames = new ArrayList<>();
        encoder.encode(updates, (frame, before) -> frames.add(frame));
        return frames;
    }

    private static List<Update> decode(FrameDecoder decoder, List<EncodedFrame> frames) {
        List<Update> updates = new ArrayList<>();
        for (EncodedFrame frame : frames) {
            byte[] padded = new byte[frame.bytes().length() + 5];
            System.arraycopy(frame.bytes().array(), 0, padded, 3, frame.bytes().length());
            assertThat(decoder.header(padded, 3, padded.length - 2)).isEqualTo(frame.header());
            updates.addAll(decoder.decode(padded, 3, padded.length - 2).updates());
        }
        return updates;
    }

    /** A replica in memory. */
    private static final class Node {
        final MemoryState memory = new MemoryState();
        final Replica replica;

        Node(ReplicaId self) {
            replica = new Replica(
                    Replica.Recovered.fresh(self),
                    memory,
                    new Replica.Limits(new DeliveryBuffer.Limits(10_000, 1L << 30), 1L << 20));
        }

        void set(String key, long nowMillis) {
            replica.write(nowMillis, transaction -> {
                transaction.set(Bytes.utf8(key), Bytes.utf8("v"));
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

    @Test
    void updates_ofReplicasThatFollowEachOther_comeBackAsTheyWere() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                nodes.add(new Node(new ReplicaId("node" + i, i)));
            }
            FrameEncoder writer = new FrameEncoder();
            FrameDecoder reader = new FrameDecoder();
            for (int group = 0; group < 30; group++) {
                Node node = nodes.get(random.nextInt(3));
                for (int writes = random.nextInt(5); writes > 0; writes--) {
                    node.set("k" + random.nextInt(5), NOW + random.nextInt(3));
                }
                List<Update> delivered = node.delivered();
                nodes.forEach(each -> {
                    if (each != node) {
                        delivered.forEach(update -> each.replica.receive(update, NOW));
                    }
                });
                if (node != nodes.getFirst()) {
                    continue;
                }
                if (random.nextInt(4) == 0) {
                    writer.restart();
                    reader = new FrameDecoder();
                }
                List<EncodedFrame> frames = new ArrayList<>();
                writer.encode(delivered, (frame, before) -> frames.add(frame));
                assertThat(decode(reader, frames)).as("seed %d", seed).isEqualTo(delivered);
            }
        }
    }

    @Test
    void frames_largeAndSmallOnesOfOneEncoder_doNotChangeEachOther() {
        List<Update> updates = new ArrayList<>();
        VersionVector clock = VersionVector.EMPTY;
        for (int length : List.of(10, 70_000, 5, 300_000, 0, 40_000, 40_000, 40_000, 3)) {
            Bytes value = Bytes.utf8("v".repeat(length));
            Dot dot = clock.next(ORIGIN);
            updates.add(Update.of(
                    dot, clock, NOW + dot.counter(), List.of(new Operation.SetString(Bytes.utf8("k"), value)), 0));
            clock = clock.with(dot);
        }
        List<EncodedFrame> frames = new ArrayList<>();
        for (Update update : updates) {
            frames.addAll(encode(List.of(update)));
        }
        frames.addAll(new FrameTest().encode(updates));

        List<Update> twice = new ArrayList<>(decode(new FrameDecoder(), frames.subList(0, updates.size())));
        twice.addAll(decode(new FrameDecoder(), frames.subList(updates.size(), frames.size())));
        assertThat(twice.subList(0, updates.size())).isEqualTo(updates);
        assertThat(twice.subList(updates.size(), twice.size())).isEqualTo(updates);
    }

    @Test
    void updates_ofEveryKindOfOperation_comeBackAsTheyWere() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            List<Update> updates = CodecTest.stream(new SplittableRandom(seed));
            FrameEncoder writer = new FrameEncoder();
            List<EncodedFrame> frames = new ArrayList<>();
            writer.encode(updates, (frame, before) -> frames.add(frame));
            assertThat(decode(new FrameDecoder(), frames)).as("seed %d", seed).isEqualTo(updates);
        }
    }

    /**
     * Updates between which their origin delivered nothing else.
     *
     * @param before the checksum of the origin's update before them
     */
    private static List<Update> run(VersionVector context, int count, int before) {
        List<Update> updates = new ArrayList<>();
        VersionVector clock = context;
        int past = context.isEmpty() ? 0 : 77;
        int checksum = before;
        for (int i = 0; i < count; i++) {
            Update update = Update.of(
                    clock.next(ORIGIN),
                    clock,
                    NOW + i,
                    List.of(new Operation.SetString(Bytes.utf8("key:000000000001"), Bytes.wrap(new byte[64]))),
                    past);
            past = Lineage.following(update, checksum);
            checksum = update.checksum();
            updates.add(update);
            clock = clock.with(update.dot());
        }
        return updates;
    }

    /** The payload of one of the updates: kind, key and value with their lengths. */
    private static final int PAYLOAD = 1 + 1 + 16 + 1 + 64;

    private static VersionVector members(int count) {
        VersionVector clock = VersionVector.EMPTY;
        for (int i = 1; i <= count; i++) {
            ReplicaId member = i == 1 ? ORIGIN : new ReplicaId("node" + i, 0x0123456789abcdefL * i);
            clock = clock.with(member, 1_000_000L * i);
        }
        return clock;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 64})
    void metadata_ofAGroupOfSixteen_isUnderFourBytesAnUpdate(int members) {
        VersionVector clock = members(members);
        // The first frame of the origin in a block has its whole context.
        Update first = run(clock, 1, 0).getFirst();
        encode(List.of(first));
        List<EncodedFrame> frames = encode(run(clock.with(ORIGIN, 1_000_001), 16, first.checksum()));
        assertThat(frames).hasSize(1);
        assertThat(frames.getFirst().bytes().length() - 16 * PAYLOAD).isLessThan(4 * 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 64})
    void metadata_ofALoneUpdateThatSawTwoOthers_isUnderEightyBytes(int members) {
        VersionVector clock = members(members);
        encode(run(clock, 1, 0));
        VersionVector later = clock.with(ORIGIN, 1_000_001)
                .with(new ReplicaId("node2", 2 * 0x0123456789abcdefL), 2_000_001)
                .with(new ReplicaId("node3", 3 * 0x0123456789abcdefL), 3_000_001);
        List<EncodedFrame> frames = encode(run(later, 1, 0));
        assertThat(frames.getFirst().bytes().length() - PAYLOAD).isLessThan(80);
    }

    @Test
    void frame_withoutTheOneBeforeIt_isRefused() {
        List<Update> updates = run(VersionVector.EMPTY, 3, 0);
        encode(updates.subList(0, 1));
        encode(updates.subList(1, 2));
        EncodedFrame third = encode(updates.subList(2, 3)).getFirst();
        assertThat(third.header().whole()).isFalse();
        assertThatThrownBy(() -> decode(new FrameDecoder(), List.of(third)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("only the changes of its context");
    }

    @Test
    void frames_neverHoldMoreThanTheirMaximum() {
        List<Update> updates = run(VersionVector.EMPTY, 1_300, 0);
        List<EncodedFrame> frames = encode(updates);
        assertThat(frames).extracting(frame -> frame.header().count()).allMatch(count -> count <= 512);
        assertThat(decode(new FrameDecoder(), frames)).isEqualTo(updates);
    }

    /** Changed, cut and random bytes: either updates or a clear refusal, and never another exception. */
    @Test
    void decode_anyBytes_givesUpdatesOrRefuses() {
        SplittableRandom random = new SplittableRandom(Long.getLong("hence.seed", 1));
        for (int trace = 0; trace < 20_000; trace++) {
            byte[] bytes = damaged(random);
            try {
                FrameDecoder decoder = new FrameDecoder();
                List<Update> updates = decoder.decode(bytes, 0, bytes.length).updates();
                assertThat(updates).isNotEmpty();
                Dot first = updates.getFirst().dot();
                assertThat(decoder.header(bytes, 0, bytes.length).contains(first))
                        .isTrue();
            } catch (MalformedRecordException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    private static byte[] damaged(SplittableRandom random) {
        List<EncodedFrame> frames = new ArrayList<>();
        new FrameEncoder().encode(CodecTest.stream(random), (frame, before) -> frames.add(frame));
        byte[] bytes = frames.getFirst().bytes().array().clone();
        switch (random.nextInt(4)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            default -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }
}
