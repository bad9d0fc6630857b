package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The relayed streams of a node, one for each origin that it follows through another node: which to open and which to
 * close as the {@link FollowPlan} changes.
 *
 * <p>After a stream that brought nothing, the origin is retried only after a pause, and then through another peer if
 * one has anything new: a peer whose log is damaged, or differs from this node's, must not block an origin that other
 * peers can relay. A useful stream that ended may be reopened at once.
 *
 * <p>Not thread-safe.
 */
public final class Relays {
    /** A stream of an origin's updates through a peer. */
    public record RelayRoute(ReplicaId origin, ReplicaId through) {}

    /** The streams to close first and then those to open. */
    public record Steps(List<RelayRoute> close, List<RelayRoute> open) {}

    private static final class State {
        final RelayRoute relay;
        boolean ended;
        long restUntilMillis;

        State(RelayRoute relay) {
            this.relay = relay;
        }
    }

    private final long restMillis;
    private final Map<ReplicaId, State> byOrigin = new TreeMap<>();

    /** By origin, the peer through which it was last followed without success. */
    private final Map<ReplicaId, ReplicaId> failed = new TreeMap<>();

    /** @param restMillis how long an origin is not retried after a stream that brought nothing */
    public Relays(long restMillis) {
        this.restMillis = restMillis;
    }

    /**
     * Updates the plan; the returned steps count as done.
     *
     * @param self this node
     * @param clock the updates that it has applied and published
     * @param links the peers whose own feeds it reads
     * @param millis the time on a monotonic clock
     */
    public Steps plan(ReplicaId self, VersionVector clock, Collection<FollowPlan.Link> links, long millis) {
        byOrigin.values().removeIf(state -> state.ended && millis >= state.restUntilMillis);
        Map<ReplicaId, ReplicaId> current = new TreeMap<>();
        byOrigin.forEach((origin, state) -> current.put(origin, state.relay.through()));
        Map<ReplicaId, ReplicaId> plan = FollowPlan.relays(self, clock, links, current, failed);
        List<RelayRoute> close = new ArrayList<>();
        byOrigin.values().removeIf(state -> {
            boolean dropped = !state.relay.through().equals(plan.get(state.relay.origin()));
            if (dropped && !state.ended) {
                close.add(state.relay);
            }
            return dropped;
        });
        List<RelayRoute> open = new ArrayList<>();
        plan.forEach((origin, through) -> byOrigin.computeIfAbsent(origin, absent -> {
            RelayRoute relay = new RelayRoute(origin, through);
            open.add(relay);
            return new State(relay);
        }));
        return new Steps(close, open);
    }

    /** The open streams, and the ended ones that are still in their pause. */
    public List<RelayRoute> current() {
        return byOrigin.values().stream().map(state -> state.relay).toList();
    }

    /**
     * Records that a stream has ended or could not be opened. Must not be called for a stream that was to be closed:
     * the same one may have been reopened.
     *
     * @param useful whether the stream was served until then
     */
    public void ended(RelayRoute relay, boolean useful, long millis) {
        State state = byOrigin.get(relay.origin());
        if (state != null && state.relay.equals(relay)) {
            state.ended = true;
            state.restUntilMillis = useful ? millis : millis + restMillis;
            if (useful) {
                failed.remove(relay.origin());
            } else {
                failed.put(relay.origin(), relay.through());
            }
        }
    }
}
