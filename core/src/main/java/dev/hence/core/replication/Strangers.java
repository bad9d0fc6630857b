package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The unknown followers of this node: they receive its updates but it does not receive theirs, because the peering was
 * configured on one side only.
 *
 * <p>A follower counts as a stranger when it has been unknown for an uninterrupted period. A node hears from its peers
 * of the members that they follow, so a node whose updates come through others is known as well. While a peer is
 * configured by an address alone and was not reached yet, any follower may be that peer, and none is a stranger.
 *
 * <p>Not thread-safe.
 */
public final class Strangers {

    /**
     * A node that reads this node's own updates.
     *
     * @param applied its clock when it requested them
     */
    public record Follower(ReplicaId node, VersionVector applied) {}

    private static final class State {
        Follower follower;
        int streams;

        @Nullable
        Long unknownSinceMillis;

        State(Follower follower) {
            this.follower = follower;
        }
    }

    private final long graceMillis;

    /** By node name: a follower that takes a new incarnation is the same node. */
    private final Map<String, State> followers = new TreeMap<>();

    /** @param graceMillis how long a follower must be unknown to count as a stranger */
    public Strangers(long graceMillis) {
        this.graceMillis = graceMillis;
    }

    /** Records that a node has begun to read this node's own updates. */
    public void began(Follower follower) {
        State state = followers.computeIfAbsent(follower.node().name(), name -> new State(follower));
        state.follower = follower;
        state.streams++;
    }

    /** Records that a stream of {@link #began} has ended; the next one may have begun before. */
    public void ended(ReplicaId follower) {
        followers.computeIfPresent(follower.name(), (name, state) -> --state.streams == 0 ? null : state);
    }

    /**
     * Re-evaluates.
     *
     * @param known the names of the peers, and of the members that were heard of through them
     * @param complete whether for every peer the name is known or an attempt to reach it has failed
     * @param millis the time on a monotonic clock
     * @return the strangers, in name order
     */
    public List<Follower> look(Set<String> known, boolean complete, long millis) {
        List<Follower> strangers = new ArrayList<>();
        followers.forEach((name, state) -> {
            if (!complete || known.contains(name)) {
                state.unknownSinceMillis = null;
                return;
            }
            if (state.unknownSinceMillis == null) {
                state.unknownSinceMillis = millis;
            }
            if (millis - state.unknownSinceMillis >= graceMillis) {
                strangers.add(state.follower);
            }
        });
        return strangers;
    }
}
