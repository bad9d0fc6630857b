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
 * Whether a node that has started has caught up with its peers, how far it has come, and how long the rest will take.
 *
 * <p>A peer's <em>target</em> is the clock that it announces first when it is met. A peer that comes back under another
 * incarnation may have lost what it had, so its target is then the first clock of the new one. What is written after
 * that is no part of any target: a node under load would never be done.
 *
 * <p><b>Invariant.</b> Once done, it stays done. When it becomes done, the node's clock covers the target of every peer
 * that it follows at that moment, and of every peer that it followed before and lost less than {@code absentMillisMax}
 * ago. With {@link ReadyWhen#ALL_PEERS} it covers the target of every configured peer.
 *
 * <p><b>Progress.</b> With {@link ReadyWhen#CAUGHT_UP} a peer that is not followed is waited for during
 * {@code absentMillisMax} at most: no peer that is down keeps the node unready. A peer that could not be reached is not
 * waited for at all once another one is met, so in a cluster that starts the first contact ends the wait.
 *
 * <p>Not thread-safe.
 */
public final class CatchUp {
    private static final long SAMPLE_MILLIS = 1_000;
    private static final int SAMPLES_MAX = 20;

    /** What a node is doing about a peer. */
    public enum Link {
        /** It has not heard yet whether the peer can be reached. */
        TRYING,
        /** The last attempt failed, or the peer was met and cannot be followed. */
        FAILED,
        /** It reads the peer's feed. */
        FOLLOWED,
        /** The address is the node's own. */
        SELF
    }

    /**
     * A configured peer at one moment.
     *
     * @param address where it is configured to listen; unique
     * @param met its identity as last met; null before that
     */
    public record Peer(String address, @Nullable ReplicaId met, Link link) {}

    /**
     * How far the node has come.
     *
     * @param updates how many of the updates that it lacked it has by now
     * @param updatesTotal how many of the targets' updates it lacked when it started
     * @param secondsLeft how long the rest will take at the present rate; empty while there is none
     * @param awaited the addresses of the peers that have to announce their clocks yet
     */
    public record Progress(long updates, long updatesTotal, OptionalLong secondsLeft, List<String> awaited) {
        /** Copies the list. */
        public Progress {
            awaited = List.copyOf(awaited);
        }

        /** The part that is done, rounded down; 0 as long as nothing is known to be missing. */
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

    /** By address, of the peers that are not followed: since when. */
    private final Map<String, Long> absentSince = new HashMap<>();

    private final Deque<Sample> samples = new ArrayDeque<>();
    private VersionVector wanted = VersionVector.EMPTY;
    private Progress progress = new Progress(0, 0, OptionalLong.empty(), List.of());
    private boolean done;

    private record Target(ReplicaId peer, VersionVector clock) {}

    /**
     * @param base what the node has applied when it starts
     * @param absentMillisMax for how long a peer that is not followed is waited for
     */
    public CatchUp(ReadyWhen readyWhen, VersionVector base, long absentMillisMax) {
        this.readyWhen = readyWhen;
        this.base = base;
        this.absentMillisMax = absentMillisMax;
        this.done = readyWhen == ReadyWhen.STARTED;
    }

    /** Records what a peer itself says that it has applied. */
    public void announced(ReplicaId peer, VersionVector applied) {
        if (!done) {
            Target known = targets.get(peer.name());
            if (known == null || !known.peer().equals(peer)) {
                targets.put(peer.name(), new Target(peer, applied));
            }
        }
    }

    /**
     * Looks again.
     *
     * @param peers every configured peer
     * @param clock what the node has applied and published
     * @param millis the time by a clock that only runs forward
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

    /** At the mean rate of the last seconds. */
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

    /** Whether the node is ready, as far as this goes. */
    public boolean isDone() {
        return done;
    }

    /** How far it had come when it was looked at last. */
    public Progress progress() {
        return progress;
    }
}
