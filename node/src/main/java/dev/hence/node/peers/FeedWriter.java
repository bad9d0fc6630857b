package dev.hence.node.peers;

import com.google.protobuf.UnsafeByteOperations;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.MemberClocks;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.wire.ClockRecord;
import dev.hence.node.wire.FeedMessage;
import dev.hence.node.wire.FrameMessage;
import dev.hence.node.wire.HeartbeatMessage;
import dev.hence.node.wire.MemberMessage;
import dev.hence.node.wire.ReplicaNumberMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writer of the messages of one feed. It keeps the numbers of replicas that heartbeats refer to.
 *
 * <p>Not thread-safe.
 */
final class FeedWriter {

    private final OutputStream out;
    private final ReplicaNumbers numbers = new ReplicaNumbers();

    FeedWriter(OutputStream out) {
        this.out = out;
    }

    void answer(FeedRequest.Answer answer, Map<Dot, Integer> held, ReplicaId self, String cluster, long wallMillis)
            throws IOException {
        write(FeedMessage.newBuilder().setAnswer(Messages.answer(answer, held, self, cluster, wallMillis)));
    }

    /** Writes a frame as it is; the first of a stream must have its whole context. */
    void frame(Bytes frame) throws IOException {
        write(FeedMessage.newBuilder()
                .setFrame(FrameMessage.newBuilder()
                        .setFrame(UnsafeByteOperations.unsafeWrap(frame.array()))
                        .setChecksum(Crc32c.of(frame.array(), 0, frame.length()))));
    }

    void heartbeat(Heartbeat heartbeat) throws IOException {
        List<MemberMessage> others = new ArrayList<>();
        for (MemberClocks.Entry other : heartbeat.others()) {
            others.add(MemberMessage.newBuilder()
                    .setMember(ClockCodec.record(other.member()))
                    .setApplied(clock(other.applied()))
                    .setDurable(clock(other.durable()))
                    .build());
        }
        write(FeedMessage.newBuilder()
                .setHeartbeat(HeartbeatMessage.newBuilder()
                        .setFrom(ClockCodec.record(heartbeat.from()))
                        .setWallMillis(heartbeat.wallMillis())
                        .setApplied(clock(heartbeat.applied()))
                        .setDurable(clock(heartbeat.durable()))
                        .addAllOthers(others)));
    }

    void farewell(String why) throws IOException {
        write(FeedMessage.newBuilder().setFarewell(why));
    }

    void flush() throws IOException {
        out.flush();
    }

    private ClockRecord clock(VersionVector clock) {
        return ClockCodec.record(clock, numbers, this::define);
    }

    private void define(int number, ReplicaId replica) {
        try {
            write(FeedMessage.newBuilder()
                    .setReplica(ReplicaNumberMessage.newBuilder()
                            .setNumber(number)
                            .setReplica(ClockCodec.record(replica))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void write(FeedMessage.Builder message) throws IOException {
        message.build().writeDelimitedTo(out);
    }
}
