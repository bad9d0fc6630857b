package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import java.util.List;
import java.util.Map;

/** A message on the connection of a feed. */
sealed interface Message {
    /** The follower's request; sent first. */
    record Requested(FeedRequest request) implements Message {}

    /** The follower has read a message and has room for another one. */
    record Taken() implements Message {}

    /** The source's answer. */
    record Answered(ReplicaId source, FeedRequest.Answer answer, Map<Dot, Integer> held) implements Message {}

    /** Updates of the origin, in their order: encoded frames. */
    record Updates(List<Bytes> frames) implements Message {}

    /** The source's clocks. */
    record Heard(Heartbeat heartbeat) implements Message {}

    /** The source ends the feed. */
    record Ended(String why) implements Message {}
}
