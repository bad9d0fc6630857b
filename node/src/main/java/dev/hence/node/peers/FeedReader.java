package dev.hence.node.peers;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.update.Frame;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.node.wire.FeedMessage;
import dev.hence.node.wire.FrameMessage;
import dev.hence.node.wire.HeartbeatMessage;
import dev.hence.node.wire.ReplicaNumberMessage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reader of the messages of one feed; the counterpart of {@link FeedWriter}.
 *
 * <p>Not thread-safe.
 */
final class FeedReader {

    /** Larger than any update that a node can be configured to accept, so that an invalid length is detected. */
    private static final int MESSAGE_BYTES_MAX = 512 << 20;

    /** A message of a feed. */
    sealed interface Message {
        /** The source's response to the request, and what it has of replicas of which the follower has more. */
        record Answered(FeedRequest.Answer answer, Map<Dot, Integer> held, ReplicaId source, long wallMillis)
                implements Message {}

        /** Updates of the followed origin. */
        record Updates(Frame frame) implements Message {}

        /** A heartbeat. */
        record Heard(Heartbeat heartbeat) implements Message {}

        /** The regular end of the stream. */
        record Ended(String why) implements Message {}
    }

    private final InputStream in;
    private final ReplicaNumbers numbers = new ReplicaNumbers();
    private final FrameDecoder decoder = new FrameDecoder();

    FeedReader(InputStream in) {
        this.in = in;
    }

    /** Whether a message can probably be read without blocking. */
    boolean ready() throws IOException {
        return in.available() > 0;
    }

    /**
     * The next message; blocks until it has arrived.
     *
     * @throws EOFException if the connection was closed without a farewell
     * @throws MalformedRecordException if it is not a message of this version, or is damaged
     */
    Message read() throws IOException {
        while (true) {
            FeedMessage message = parse();
            switch (message.getMessageCase()) {
                case ANSWER -> {
                    return Messages.answered(message.getAnswer());
                }
                case REPLICA -> define(message.getReplica());
                case FRAME -> {
                    return new Message.Updates(frame(message.getFrame()));
                }
                case HEARTBEAT -> {
                    return new Message.Heard(heartbeat(message.getHeartbeat()));
                }
                case FAREWELL -> {
                    return new Message.Ended(message.getFarewell());
                }
                case MESSAGE_NOT_SET ->
                    throw new MalformedRecordException(
                            "feed: unknown kind of message (expected: one of this version; the other node may run a later"
                                    + " version)");
            }
        }
    }

    private FeedMessage parse() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("the connection was closed");
        }
        int length = CodedInputStream.readRawVarint32(first, in);
        if (length < 0 || length > MESSAGE_BYTES_MAX) {
            throw new MalformedRecordException(
                    "feed: a message of " + length + " bytes (expected: at most " + MESSAGE_BYTES_MAX + ")");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection was closed within a message");
        }
        try {
            CodedInputStream message = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            // The frame of a message is a part of the array, and not a copy.
            message.enableAliasing(true);
            FeedMessage parsed = FeedMessage.parseFrom(message);
            message.checkLastTagWas(0);
            return parsed;
        } catch (InvalidProtocolBufferException damaged) {
            throw new MalformedRecordException("feed: " + damaged.getMessage(), damaged);
        }
    }

    private void define(ReplicaNumberMessage message) {
        numbers.define(message.getNumber(), ClockCodec.replica(message.getReplica()));
    }

    private Frame frame(FrameMessage message) {
        Bytes frame = Bytes.wrap(message.getFrame().toByteArray());
        if (Crc32c.of(frame.array(), 0, frame.length()) != message.getChecksum()) {
            throw new MalformedRecordException("frame of " + frame.length()
                    + " bytes: wrong checksum (expected: that of its content; it is damaged)");
        }
        return decoder.decode(frame);
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
