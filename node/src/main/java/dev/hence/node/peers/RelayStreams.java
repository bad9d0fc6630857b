package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.Relays;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The relays of a node: opens and closes the streams that {@link Relays} decides on.
 *
 * <p>Thread-safe: one thread plans, and each relay reports its own end.
 */
final class RelayStreams {

    private final Collection<PeerLink> links;
    private final PeerLink.Following following;
    private final Relays decided;

    /** By origin; an ended one stays for inspection as long as the plan keeps it. */
    private final Map<ReplicaId, RelayStream> current = new TreeMap<>();

    // Includes those told to close, until their threads have ended: closing this waits for them.
    private final Set<RelayStream> running = new HashSet<>();

    /** @param rest how long an origin is not retried after a relay that brought nothing */
    RelayStreams(Collection<PeerLink> links, PeerLink.Following following, Duration rest) {
        this.links = links;
        this.following = following;
        this.decided = new Relays(rest.toMillis());
    }

    /**
     * Plans again, and carries out the plan.
     *
     * @param self this node
     * @param clock what it has applied and published
     */
    synchronized void plan(ReplicaId self, VersionVector clock) {
        List<FollowPlan.Link> connected =
                links.stream().map(PeerLink::planned).flatMap(Optional::stream).toList();
        Relays.Steps steps = decided.plan(self, clock, connected, nowMillis());
        steps.close().forEach(this::close);
        steps.open().forEach(this::open);
        Set<ReplicaId> kept = new HashSet<>();
        decided.current().forEach(route -> kept.add(route.origin()));
        current.keySet().retainAll(kept);
    }

    private void close(Relays.RelayRoute route) {
        RelayStream relay = current.remove(route.origin());
        if (relay != null) {
            relay.close();
        }
    }

    private void open(Relays.RelayRoute route) {
        Optional<PeerLink> link = links.stream()
                .filter(each -> each.isConnected() && route.through().equals(each.peer()))
                .findFirst();
        if (link.isEmpty()) {
            // It was lost just now, which the next plan takes into account.
            decided.ended(route, false, nowMillis());
            return;
        }
        RelayStream relay = new RelayStream(route, link.get(), following, this::ended);
        current.put(route.origin(), relay);
        running.add(relay);
        relay.start();
    }

    private synchronized void ended(RelayStream relay, boolean useful) {
        running.remove(relay);
        // Not for one that was told to close: the plan may have reopened it.
        if (relay.equals(current.get(relay.route().origin()))) {
            decided.ended(relay.route(), useful, nowMillis());
        }
    }

    /** The relays that are open or were recently, ordered by origin. */
    synchronized List<RelayStream> current() {
        return List.copyOf(current.values());
    }

    private synchronized List<RelayStream> running() {
        return List.copyOf(running);
    }

    /** Ends all relays; returns when none delivers anything any more. No thread may be planning by then. */
    void close() throws InterruptedException {
        List<RelayStream> last = running();
        last.forEach(RelayStream::close);
        for (RelayStream relay : last) {
            relay.join();
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
