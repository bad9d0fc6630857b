package dev.hence.node.peers;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.codec.UpdateCodec;
import dev.hence.engine.wire.UpdateRecord;
import dev.hence.node.wire.FeedFrame;
import dev.hence.node.wire.HeartbeatMessage;
import dev.hence.node.wire.ReplicaNumberMessage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reader of the frames of one feed; the counterpart of {@link FrameWriter}.
 *
 * <p>Not thread-safe.
 */
final class FrameReader {

    /** Larger than any update that a node can be configured to accept, so that an invalid length is detected. */
    private static final int FRAME_BYTES_MAX = 512 << 20;

    /** A frame of a feed. */
    sealed interface Frame {
        /** The source's response to the request, and what it has of replicas of which the follower has more. */
        record Answered(FeedRequest.Answer answer, Map<Dot, Integer> held, ReplicaId source, long wallMillis)
                implements Frame {}

        /** An update of the followed origin. */
        record Updated(Update update) implements Frame {}

        /** A heartbeat. */
        record Heard(Heartbeat heartbeat) implements Frame {}

        /** The regular end of the stream. */
        record Ended(String why) implements Frame {}
    }

    private final InputStream in;
    private final ReplicaNumbers numbers = new ReplicaNumbers();
    private final Map<ReplicaId, VersionVector> contexts = new HashMap<>();

    FrameReader(InputStream in) {
        this.in = in;
    }

    /** Whether a frame can probably be read without blocking. */
    boolean ready() throws IOException {
        return in.available() > 0;
    }

    /**
     * The next frame; blocks until it has arrived.
     *
     * @throws EOFException if the connection was closed without an end frame
     * @throws MalformedRecordException if it is not a frame of this version
     */
    Frame read() throws IOException {
        while (true) {
            FeedFrame frame = parse();
            switch (frame.getFrameCase()) {
                case ANSWER -> {
                    return Messages.answered(frame.getAnswer());
                }
                case REPLICA -> define(frame.getReplica());
                case UPDATE -> {
                    return new Frame.Updated(update(frame.getUpdate()));
                }
                case HEARTBEAT -> {
                    return new Frame.Heard(heartbeat(frame.getHeartbeat()));
                }
                case FAREWELL -> {
                    return new Frame.Ended(frame.getFarewell());
                }
                case FRAME_NOT_SET ->
                    throw new MalformedRecordException(
                            "frame: unknown kind (expected: one of this version; the other node may run a later"
                                    + " version)");
            }
        }
    }

    private FeedFrame parse() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("the connection was closed");
        }
        int length = CodedInputStream.readRawVarint32(first, in);
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new MalformedRecordException(
                    "frame: " + length + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection was closed within a frame");
        }
        try {
            return FeedFrame.parseFrom(bytes);
        } catch (InvalidProtocolBufferException damaged) {
            throw new MalformedRecordException("frame: " + damaged.getMessage(), damaged);
        }
    }

    private void define(ReplicaNumberMessage message) {
        numbers.define(message.getNumber(), ClockCodec.replica(message.getReplica()));
    }

    private Update update(UpdateRecord record) {
        ReplicaId origin = numbers.replica(record.getOrigin());
        Update update = UpdateCodec.update(record, contexts.get(origin), numbers);
        contexts.put(origin, update.context());
        return update;
    }

    private Heartbeat heartbeat(HeartbeatMessage message) {
        List<MemberClocks.Entry> others = new ArrayList<>();
        message.getOthersList()
                .forEach(other -> others.add(new MemberClocks.Entry(
                        ClockCodec.replica(other.getMember()),
                        ClockCodec.clock(other.getApplied(), numbers),
                        ClockCodec.clock(other.getDurable(), numbers))));
        return new Heartbeat(
                ClockCodec.replica(message.getFrom()),
                ClockCodec.clock(message.getApplied(), numbers),
                ClockCodec.clock(message.getDurable(), numbers),
                message.getWallMillis(),
                others);
    }
}
