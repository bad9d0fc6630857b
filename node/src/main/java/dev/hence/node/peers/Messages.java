package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.node.wire.FeedAnswerMessage;
import dev.hence.node.wire.FeedRequestMessage;
import dev.hence.node.wire.PositionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The handshake of a feed as protobuf messages. */
final class Messages {

    /** The version of the protocol; nodes of different versions reject each other. */
    static final int VERSION = 3;

    /** The features of this node beyond the version; unknown ones are ignored. */
    private static final List<String> FEATURES = List.of();

    private Messages() {}

    static FeedRequestMessage request(FeedRequest request, long wallMillis) {
        FeedRequestMessage.Builder message = FeedRequestMessage.newBuilder()
                .setVersion(VERSION)
                .addAllFeatures(FEATURES)
                .setCluster(request.cluster())
                .setFollower(ClockCodec.record(request.follower()))
                .setWallMillis(wallMillis);
        if (request.origin() != null) {
            message.setOrigin(ClockCodec.record(request.origin()));
        }
        request.applied().forEach((replica, counter) -> {
            PositionMessage.Builder position = position(new Dot(replica, counter));
            Integer checksum = request.checksums().get(replica);
            if (checksum != null) {
                position.setChecksum(checksum);
            }
            message.addPositions(position);
        });
        request.others()
                .forEach((dot, checksum) -> message.addOthers(position(dot).setChecksum(checksum)));
        return message.build();
    }

    static FeedRequest request(FeedRequestMessage message) {
        VersionVector applied = VersionVector.EMPTY;
        Map<ReplicaId, Integer> checksums = new HashMap<>();
        for (PositionMessage position : message.getPositionsList()) {
            Dot dot = dot(position);
            applied = applied.with(dot);
            if (position.hasChecksum()) {
                checksums.put(dot.replica(), position.getChecksum());
            }
        }
        return new FeedRequest(
                message.getCluster(),
                ClockCodec.replica(message.getFollower()),
                message.hasOrigin() ? ClockCodec.replica(message.getOrigin()) : null,
                applied,
                checksums,
                checksums(message.getOthersList()));
    }

    private static Map<Dot, Integer> checksums(List<PositionMessage> positions) {
        Map<Dot, Integer> checksums = new HashMap<>();
        positions.forEach(position -> checksums.put(dot(position), position.getChecksum()));
        return checksums;
    }

    static FeedAnswerMessage answer(
            Answer answer, Map<Dot, Integer> held, ReplicaId self, String cluster, long wallMillis) {
        FeedAnswerMessage.Builder message = FeedAnswerMessage.newBuilder()
                .setVersion(VERSION)
                .addAllFeatures(FEATURES)
                .setCluster(cluster)
                .setSource(ClockCodec.record(self))
                .setWallMillis(wallMillis);
        held.forEach((dot, checksum) -> message.addHeld(position(dot).setChecksum(checksum)));
        switch (answer) {
            case Answer.Serve serve -> message.setServe(ClockCodec.record(serve.origin()));
            case Answer.Refuse refuse -> message.setRefuse(refuse.why());
            case Answer.Myself myself -> message.setMyself(true);
            case Answer.FollowerRegressed regressed -> message.setFollowerRegressed(position(regressed.seen()));
            case Answer.SourceRegressed regressed -> message.setSourceRegressed(position(regressed.seen()));
            case Answer.Forked forked -> message.setForked(position(forked.dot()));
            case Answer.Gone(ReplicaId origin, long first) -> message.setGone(position(new Dot(origin, first)));
            case Answer.Behind behind ->
                message.setBehind(PositionMessage.newBuilder()
                        .setReplica(ClockCodec.record(behind.origin()))
                        .setCounter(behind.counter()));
        }
        return message.build();
    }

    static FeedReader.Message.Answered answered(FeedAnswerMessage message) {
        return new FeedReader.Message.Answered(
                outcome(message),
                checksums(message.getHeldList()),
                ClockCodec.replica(message.getSource()),
                message.getWallMillis());
    }

    private static Answer outcome(FeedAnswerMessage message) {
        return switch (message.getOutcomeCase()) {
            // The start position is the follower's own, so the wire does not repeat it.
            case SERVE -> new Answer.Serve(ClockCodec.replica(message.getServe()), 0);
            case REFUSE -> new Answer.Refuse(message.getRefuse());
            case MYSELF -> new Answer.Myself();
            case FOLLOWER_REGRESSED -> new Answer.FollowerRegressed(dot(message.getFollowerRegressed()));
            case SOURCE_REGRESSED -> new Answer.SourceRegressed(dot(message.getSourceRegressed()));
            case FORKED -> new Answer.Forked(dot(message.getForked()));
            case GONE -> gone(dot(message.getGone()));
            case BEHIND ->
                new Answer.Behind(
                        ClockCodec.replica(message.getBehind().getReplica()),
                        message.getBehind().getCounter());
            case OUTCOME_NOT_SET ->
                throw new MalformedRecordException(
                        "answer: unknown kind (expected: one of this version; the other node may run a later version)");
        };
    }

    private static Answer gone(Dot first) {
        return new Answer.Gone(first.replica(), first.counter());
    }

    private static PositionMessage.Builder position(Dot dot) {
        return PositionMessage.newBuilder()
                .setReplica(ClockCodec.record(dot.replica()))
                .setCounter(dot.counter());
    }

    private static Dot dot(PositionMessage message) {
        try {
            return new Dot(ClockCodec.replica(message.getReplica()), message.getCounter());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedRecordException("position: " + malformed.getMessage(), malformed);
        }
    }
}
