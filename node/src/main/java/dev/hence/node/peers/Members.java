package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.replication.Stability;
import dev.hence.node.Node;
import dev.hence.node.visibility.VisibleClock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of the other members' clocks and since when, what it announces of its own, and what is stable
 * according to these.
 *
 * <p>The members are this node and its configured peers. Of a peer that is configured by its address alone the name
 * is not known before it was met, and while there is one of those nothing becomes stable.
 *
 * <p>Thread-safe.
 */
final class Members {

    private static final Logger log = LoggerFactory.getLogger(Members.class);

    /** A skew that is worth telling the operator of; it never delays delivery. */
    private static final Duration SKEW_WARNED = Duration.ofMinutes(1);

    private final Node node;
    private final Supplier<Collection<PeerLink>> peers;
    private final Stability stability;
    private final MemberClocks clocks = new MemberClocks();
    private final Map<String, Long> heardNanos = new HashMap<>();
    private final Map<String, Boolean> warned = new HashMap<>();
    private boolean closed;

    /** @param peers the links to the configured peers */
    Members(Node node, Supplier<Collection<PeerLink>> peers) {
        this.node = node;
        this.peers = peers;
        this.stability = new Stability(Set.of(node.self().name()));
    }

    synchronized void heard(Heartbeat heartbeat) {
        clocks.observe(heartbeat);
        stability.hear(heartbeat);
        heardNanos.put(heartbeat.from().name(), System.nanoTime());
        stable();
        node.clocks().heard(heartbeat.from().name(), heartbeat.wallMillis());
        warnOfSkew(heartbeat.from(), heartbeat.wallMillis());
        notifyAll();
    }

    /**
     * Waits until enough other members are known to have stored an update safely. What is known changes with every
     * heartbeat.
     *
     * @return how many are, when they are enough, when the time is up, or after {@link #close}
     */
    synchronized int awaitStored(Dot update, int wanted, Duration atMost) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (true) {
            int stored = (int) others().stream()
                    .filter(member -> member.durable().contains(update))
                    .count();
            long leftNanos = deadlineNanos - System.nanoTime();
            if (stored >= wanted || leftNanos <= 0 || closed) {
                return stored;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
    }

    /** Ends all waiting: nothing more will be heard. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void warnOfSkew(ReplicaId member, long wallMillis) {
        long skewMillis = wallMillis - node.clocks().wallMillis();
        boolean skewed = Math.abs(skewMillis) > SKEW_WARNED.toMillis();
        boolean before = Boolean.TRUE.equals(warned.put(member.name(), skewed));
        if (skewed && !before) {
            log.warn(
                    "The wall clock of {} differs by {} s from this node's: the clock that is ahead wins concurrent"
                            + " writes",
                    member.name(),
                    skewMillis / 1000);
        }
    }

    /** What is known of every member but this node. */
    synchronized List<MemberClocks.Entry> others() {
        return clocks.othersThan(node.self().name());
    }

    /** How long ago a member itself was heard of. */
    synchronized OptionalLong heardMillisAgo(String name) {
        Long nanos = heardNanos.get(name);
        return nanos == null
                ? OptionalLong.empty()
                : OptionalLong.of(Duration.ofNanos(System.nanoTime() - nanos).toMillis());
    }

    /** What is known to be causally stable now. It is looked at again with every heartbeat, heard or sent. */
    synchronized VersionVector stable() {
        if (!admitted()) {
            return stability.stable();
        }
        ReplicaId self = node.self();
        VisibleClock.View view = node.published().view();
        return stability.update(self, view.clock(), view.durable(), clocks.entries());
    }

    /** Whether every configured peer's name is known. */
    private boolean admitted() {
        boolean all = true;
        for (PeerLink peer : peers.get()) {
            String name = peer.memberName();
            if (name != null) {
                stability.admit(name);
            }
            all &= name != null || peer.isSelf();
        }
        return all;
    }

    /** What this node says of itself now. */
    Heartbeat heartbeat() {
        stable();
        VisibleClock.View view = node.published().view();
        return new Heartbeat(
                node.self(), view.clock(), view.durable(), node.clocks().wallMillis(), others());
    }
}
