package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The origins that a node follows through other nodes: which streams to open and which to close as the {@link
 * FollowPlan} changes.
 *
 * <p>A stream that brought nothing rests before the origin is tried again, and then through another peer if one has
 * anything new: a peer whose log is damaged, or not of one mind with this node's, must not keep an origin from a
 * node that others could bring. A stream that was of use and ended may be opened again at once.
 *
 * <p>Not thread-safe.
 */
public final class Relays {
    /** A stream of an origin's updates through a peer. */
    public record RelayRoute(ReplicaId origin, ReplicaId through) {}

    /** What to do: first close, then open. */
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

    /** By origin, through whom it was followed in vain last. */
    private final Map<ReplicaId, ReplicaId> failed = new TreeMap<>();

    /** @param restMillis for how long after a stream that brought nothing its origin is not tried again */
    public Relays(long restMillis) {
        this.restMillis = restMillis;
    }

    /**
     * Plans again; the steps returned count as done.
     *
     * @param self this node
     * @param clock what it has applied and published
     * @param links the peers whose own feeds it reads
     * @param millis the time by a clock that only runs forward
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

    /** The streams that are open, and those that have ended and rest. */
    public List<RelayRoute> current() {
        return byOrigin.values().stream().map(state -> state.relay).toList();
    }

    /**
     * Records that a stream has ended or could not be opened. Of one that was to be closed nothing is to be told:
     * the same may have been reopened.
     *
     * @param useful whether it was served until then
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
