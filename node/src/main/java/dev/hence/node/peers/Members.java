package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.LogNeeds;
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
 * The clocks of the other members and their age, the clock that this node announces, and the resulting stability.
 *
 * <p>The members are this node and its configured peers. The name of a peer that is configured only by address is
 * unknown before its first handshake, and while there is such a peer nothing becomes stable.
 *
 * <p>Thread-safe.
 */
final class Members {

    private static final Logger log = LoggerFactory.getLogger(Members.class);

    /** The clock skew that is logged for the operator; it never delays delivery. */
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
     * Blocks until enough other members are known to have stored an update durably. Every heartbeat may change that.
     *
     * @return how many are: when they are enough, on timeout, or after {@link #close}
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

    /** Ends all waits: no more heartbeats will be processed. */
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

    /** The known clocks of every member except this node. */
    synchronized List<MemberClocks.Entry> others() {
        return clocks.othersThan(node.self().name());
    }

    /** The age of the last heartbeat of a member itself. */
    synchronized OptionalLong heardMillisAgo(String name) {
        Long nanos = heardNanos.get(name);
        return nanos == null
                ? OptionalLong.empty()
                : OptionalLong.of(Duration.ofNanos(System.nanoTime() - nanos).toMillis());
    }

    /** What is known to be causally stable now. Recomputed with every heartbeat, received or sent. */
    synchronized VersionVector stable() {
        if (!admitted()) {
            return stability.stable();
        }
        ReplicaId self = node.self();
        VisibleClock.View view = node.published().view();
        return stability.update(self, view.clock(), view.durable(), clocks.entries());
    }

    /** What the configured peers are known to have stored durably. */
    synchronized List<LogNeeds.Member> stored() {
        Map<String, VersionVector> durable = new HashMap<>();
        others().forEach(entry -> durable.put(entry.member().name(), entry.durable()));
        return peers.get().stream()
                .filter(peer -> !peer.isSelf())
                .map(peer -> new LogNeeds.Member(peer.name(), durable.get(peer.memberName())))
                .toList();
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

    /** The current heartbeat of this node. */
    Heartbeat heartbeat() {
        stable();
        VisibleClock.View view = node.published().view();
        return new Heartbeat(
                node.self(), view.clock(), view.durable(), node.clocks().wallMillis(), others());
    }
}
