package dev.hence.node.peers;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.CatchUp.Progress;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.ReadyWhen;
import dev.hence.node.Node;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catch-up of a node with its peers after a start, as {@link CatchUp} judges it from their heartbeats.
 *
 * <p>Thread-safe. Each query recomputes it, so the result is current.
 */
final class CatchingUp {

    private static final Logger log = LoggerFactory.getLogger(CatchingUp.class);

    private final Node node;
    private final Supplier<Collection<PeerLink>> links;
    private final HeldUpdates held;

    /** Guarded by this. */
    private final CatchUp decided;

    /** The number of missing updates last logged; guarded by this. */
    private long told;

    private volatile boolean done;

    /**
     * @param links the links to the configured peers
     * @param held the updates that wait for time to pass
     * @param absentMax how long to wait for a peer that is not followed
     */
    CatchingUp(
            ReadyWhen readyWhen,
            Node node,
            Supplier<Collection<PeerLink>> links,
            HeldUpdates held,
            Duration absentMax) {
        this.held = held;
        this.node = node;
        this.links = links;
        this.decided = new CatchUp(readyWhen, node.clock(), absentMax.toMillis());
    }

    void heard(Heartbeat heartbeat) {
        if (!done) {
            synchronized (this) {
                decided.announced(heartbeat.from(), heartbeat.applied());
            }
        }
    }

    /** The progress; empty when it is done. */
    Optional<Progress> look() {
        return done ? Optional.empty() : lookAgain();
    }

    private synchronized Optional<Progress> lookAgain() {
        // The links first: the last announcement of a lost peer is then compared with a clock read later.
        var peers = links.get().stream().map(PeerLink::caughtUpWith).toList();
        decided.look(peers, reachable(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        Progress progress = decided.progress();
        done = decided.isDone();
        tell(progress);
        return done ? Optional.empty() : Optional.of(progress);
    }

    /**
     * What this node has, counting all of an origin whose updates it holds because they are too far ahead of its wall
     * clock: these may become due in decades, and a peer's wrong clock must not keep this node unready until then.
     */
    private VersionVector reachable() {
        VersionVector clock = node.clock();
        for (NodeStatus.Held each : held.now()) {
            clock = clock.with(each.dot().replica(), Long.MAX_VALUE);
        }
        return clock;
    }

    private void tell(Progress progress) {
        if (done && told > 0) {
            log.info("Caught up with the peers: {} updates", progress.updatesTotal());
        } else if (!done && progress.updatesTotal() > told) {
            told = progress.updatesTotal();
            log.info("Catching up with the peers, not ready until then: {}", shown(progress));
        }
    }

    /** The same as a health issue. */
    Optional<HealthIssue> issue() {
        return look().map(progress -> new HealthIssue(HealthIssue.Kind.CATCHING_UP, shown(progress)));
    }

    static String shown(Progress progress) {
        String awaited =
                progress.awaited().isEmpty() ? "" : "no answer yet from " + String.join(", ", progress.awaited());
        if (progress.updates() == progress.updatesTotal()) {
            return awaited.isEmpty() ? "nothing is missing" : awaited;
        }
        String left = progress.secondsLeft().isEmpty()
                ? "time left unknown"
                : "about " + progress.secondsLeft().getAsLong() + " s left";
        return String.format(
                        Locale.ROOT,
                        "%d %% (%,d of %,d updates), %s",
                        progress.percent(),
                        progress.updates(),
                        progress.updatesTotal(),
                        left)
                + (awaited.isEmpty() ? "" : "; " + awaited);
    }
}
