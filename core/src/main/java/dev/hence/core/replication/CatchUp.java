package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The catch-up of a started node with its peers: whether it is done, its progress, and the estimated time left.
 *
 * <p>A peer's <em>target</em> is the first clock that it announces after it is met. A peer that returns under another
 * incarnation may have lost updates, so its target is then the first clock of the new incarnation. Later writes are not
 * part of any target: otherwise a node under load would never be done.
 *
 * <p><b>Invariant.</b> Once done, it stays done. When it becomes done, the node's clock covers the target of every peer
 * that it follows at that moment, and of every peer that it followed before and whose feed it lost less than {@code
 * absentMillisMax} ago. With {@link ReadyWhen#ALL_PEERS} it covers the target of every configured peer.
 *
 * <p><b>Progress.</b> With {@link ReadyWhen#CAUGHT_UP} the node waits at most {@code absentMillisMax} for a peer that
 * is not followed: a peer that is down does not keep the node unready. Once one peer is met, the node does not wait for
 * unreachable ones at all, so in a starting cluster the first contact ends the wait.
 *
 * <p>Not thread-safe.
 */
public final class CatchUp {
    private static final long SAMPLE_MILLIS = 1_000;
    private static final int SAMPLES_MAX = 20;

    /** The state of a node's connection to a peer. */
    public enum Link {
        /** It is not known yet whether the peer can be reached. */
        TRYING,
        /** The last attempt failed, or the peer was met and cannot be followed. */
        FAILED,
        /** The node reads the peer's feed. */
        FOLLOWED,
        /** The address is the node's own. */
        SELF
    }

    /**
     * A configured peer at one moment.
     *
     * @param address its configured address; unique
     * @param met its identity as last met; null before that
     */
    public record Peer(String address, @Nullable ReplicaId met, Link link) {}

    /**
     * The progress of the node.
     *
     * @param updates how many of the initially missing updates have arrived
     * @param updatesTotal how many of the targets' updates were missing at startup
     * @param secondsLeft the estimated time left at the present rate; empty while there is no rate
     * @param awaited the addresses of the peers that have not announced their clocks yet
     */
    public record Progress(long updates, long updatesTotal, OptionalLong secondsLeft, List<String> awaited) {
        /** Copies the list. */
        public Progress {
            awaited = List.copyOf(awaited);
        }

        /** The completed share, rounded down; 0 as long as no update is known to be missing. */
        public int percent() {
            return updatesTotal == 0 ? 0 : (int) (updates * 100 / updatesTotal);
        }
    }

    private record Sample(long millis, long updates) {}

    private final ReadyWhen readyWhen;
    private final VersionVector base;
    private final long absentMillisMax;

    /** By node name. */
    private final Map<String, Target> targets = new HashMap<>();

    /** For each peer that is not followed, by address: since when. */
    private final Map<String, Long> absentSince = new HashMap<>();

    private final Deque<Sample> samples = new ArrayDeque<>();
    private VersionVector wanted = VersionVector.EMPTY;
    private Progress progress = new Progress(0, 0, OptionalLong.empty(), List.of());
    private boolean done;

    private record Target(ReplicaId peer, VersionVector clock) {}

    /**
     * @param base the updates that the node has applied at startup
     * @param absentMillisMax how long the node waits for a peer that is not followed
     */
    public CatchUp(ReadyWhen readyWhen, VersionVector base, long absentMillisMax) {
        this.readyWhen = readyWhen;
        this.base = base;
        this.absentMillisMax = absentMillisMax;
        this.done = readyWhen == ReadyWhen.STARTED;
    }

    /** Records the applied clock that a peer announces of itself. */
    public void announced(ReplicaId peer, VersionVector applied) {
        if (!done) {
            Target known = targets.get(peer.name());
            if (known == null || !known.peer().equals(peer)) {
                targets.put(peer.name(), new Target(peer, applied));
            }
        }
    }

    /**
     * Re-evaluates.
     *
     * @param peers every configured peer
     * @param clock the updates that the node has applied and published
     * @param millis the time on a monotonic clock
     */
    public void look(Collection<Peer> peers, VersionVector clock, long millis) {
        if (done) {
            return;
        }
        boolean contact = peers.stream().anyMatch(peer -> peer.link() == Link.FOLLOWED);
        VersionVector sum = VersionVector.EMPTY;
        List<String> awaited = new ArrayList<>();
        for (Peer peer : peers) {
            VersionVector target = target(peer);
            if (isCounted(peer, target != null, contact, millis)) {
                if (target == null) {
                    awaited.add(peer.address());
                } else {
                    sum = sum.join(target);
                }
            }
        }
        advance(sum, awaited, clock, millis);
        if (awaited.isEmpty() && clock.descends(sum)) {
            done = true;
            targets.clear();
            samples.clear();
        }
    }

    private @Nullable VersionVector target(Peer peer) {
        ReplicaId met = peer.met();
        Target known = met == null ? null : targets.get(met.name());
        return known != null && known.peer().equals(met) ? known.clock() : null;
    }

    private boolean isCounted(Peer peer, boolean announced, boolean contact, long millis) {
        return switch (peer.link()) {
            case SELF -> false;
            case FOLLOWED -> {
                absentSince.remove(peer.address());
                yield true;
            }
            case TRYING, FAILED -> {
                absentSince.putIfAbsent(peer.address(), millis);
                boolean unreachable = peer.link() == Link.FAILED && !announced && contact;
                yield readyWhen == ReadyWhen.ALL_PEERS || (!unreachable && !isGivenUp(peer, millis));
            }
        };
    }

    private boolean isGivenUp(Peer peer, long millis) {
        Long since = absentSince.get(peer.address());
        return since != null && millis - since >= absentMillisMax;
    }

    private void advance(VersionVector sum, List<String> awaited, VersionVector clock, long millis) {
        if (!sum.equals(wanted)) {
            wanted = sum;
            samples.clear();
        }
        long total = base.missingCount(sum);
        long left = clock.missingCount(sum);
        progress = new Progress(total - left, total, secondsLeft(total - left, left, millis), awaited);
    }

    /** Estimated from the mean rate of the last seconds. */
    private OptionalLong secondsLeft(long updates, long left, long millis) {
        Sample last = samples.peekLast();
        if (last == null || millis - last.millis() >= SAMPLE_MILLIS) {
            samples.addLast(new Sample(millis, updates));
            if (samples.size() > SAMPLES_MAX) {
                samples.removeFirst();
            }
        }
        Sample first = samples.getFirst();
        long tookMillis = millis - first.millis();
        long gained = updates - first.updates();
        return tookMillis < SAMPLE_MILLIS || gained <= 0
                ? OptionalLong.empty()
                : OptionalLong.of((long) Math.ceil((double) left * tookMillis / gained / 1_000));
    }

    /** Whether the node is ready with respect to catch-up. */
    public boolean isDone() {
        return done;
    }

    /** The progress at the last evaluation. */
    public Progress progress() {
        return progress;
    }
}
