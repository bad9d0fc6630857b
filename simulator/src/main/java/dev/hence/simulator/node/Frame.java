package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.update.Update;
import java.util.List;
import java.util.Map;

/** A message on the connection of a feed. */
sealed interface Frame {
    /** The follower's request; sent first. */
    record Requested(FeedRequest request) implements Frame {}

    /** The follower has read a message and has room for another one. */
    record Taken() implements Frame {}

    /** The source's answer. */
    record Answered(ReplicaId source, FeedRequest.Answer answer, Map<Dot, Integer> held) implements Frame {}

    /** Updates of the origin, in their order. */
    record Updates(List<Update> updates) implements Frame {}

    /** The source's clocks. */
    record Heard(Heartbeat heartbeat) implements Frame {}

    /** The source ends the feed. */
    record Ended(String why) implements Frame {}
}
