package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.codec.UpdateCodec;
import dev.hence.engine.wire.ClockRecord;
import dev.hence.engine.wire.UpdateRecord;
import dev.hence.node.wire.FeedFrame;
import dev.hence.node.wire.HeartbeatMessage;
import dev.hence.node.wire.MemberMessage;
import dev.hence.node.wire.ReplicaNumberMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writer of the frames of one feed. It keeps the state that a stream refers to: the numbers of replicas, and the
 * context of the last update of each origin.
 *
 * <p>Not thread-safe.
 */
final class FrameWriter {

    private final OutputStream out;
    private final ReplicaNumbers numbers = new ReplicaNumbers();
    private final Map<ReplicaId, VersionVector> contexts = new HashMap<>();

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    void answer(FeedRequest.Answer answer, Map<Dot, Integer> held, ReplicaId self, String cluster, long wallMillis)
            throws IOException {
        write(FeedFrame.newBuilder().setAnswer(Messages.answer(answer, held, self, cluster, wallMillis)));
    }

    void update(Update update) throws IOException {
        @Nullable VersionVector previous = contexts.put(update.dot().replica(), update.context());
        UpdateRecord record = UpdateCodec.record(update, previous, numbers, this::define);
        write(FeedFrame.newBuilder().setUpdate(record));
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
        write(FeedFrame.newBuilder()
                .setHeartbeat(HeartbeatMessage.newBuilder()
                        .setFrom(ClockCodec.record(heartbeat.from()))
                        .setWallMillis(heartbeat.wallMillis())
                        .setApplied(clock(heartbeat.applied()))
                        .setDurable(clock(heartbeat.durable()))
                        .addAllOthers(others)));
    }

    void farewell(String why) throws IOException {
        write(FeedFrame.newBuilder().setFarewell(why));
    }

    void flush() throws IOException {
        out.flush();
    }

    private ClockRecord clock(VersionVector clock) {
        return ClockCodec.record(clock, numbers, this::define);
    }

    private void define(int number, ReplicaId replica) {
        try {
            write(FeedFrame.newBuilder()
                    .setReplica(ReplicaNumberMessage.newBuilder()
                            .setNumber(number)
                            .setReplica(ClockCodec.record(replica))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void write(FeedFrame.Builder frame) throws IOException {
        frame.build().writeDelimitedTo(out);
    }
}
