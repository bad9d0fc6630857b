package dev.hence.server.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.Heartbeat;
import dev.hence.server.codec.MalformedRecordException;
import dev.hence.server.config.PeerAddress;
import dev.hence.server.replication.LabLinks.Setting;
import dev.hence.server.replication.LinkLab.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link from one configured peer: follows the peer's own updates, connecting again whenever the
 * connection ends, and lends itself to relays of other origins.
 *
 * <p>Its thread runs {@link #run}; everything else may be called by anyone.
 */
final class PeerLink {

    private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

    private final PeerAddress address;
    private final Following following;
    private final Collection<LabSink> labSinks = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private volatile @Nullable ReplicaId peer;
    private volatile VersionVector applied = VersionVector.EMPTY;
    private volatile @Nullable FeedStream stream;
    private volatile boolean connected;
    private volatile boolean self;
    private volatile String state = "connecting";

    /** Why the peer could not be reached last, so that the log tells it once and not at every attempt. */
    private volatile String unreachable = "";

    private volatile Setting setting = Setting.OPEN;

    PeerLink(PeerAddress address, Following following) {
        this.address = address;
        this.following = following;
    }

    /** Follows the peer until the thread is interrupted. */
    void run() {
        int failures = 0;
        try {
            while (!self) {
                if (isCut()) {
                    state = "cut";
                    awaitUncut();
                    failures = 0;
                } else {
                    failures = connect() ? 0 : failures + 1;
                    pause(failures);
                }
            }
        } catch (InterruptedException closed) {
            disconnect();
        }
    }

    /** One connection, from its handshake to its end; whether it followed the peer until the connection ended. */
    private boolean connect() throws InterruptedException {
        boolean followed = false;
        try (FeedStream opened = following.open(address, null)) {
            stream = opened;
            // Read after the stream is noted, as it is written before the streams are looked through.
            if (isCut()) {
                return false;
            }
            Optional<String> refusal = meet(opened);
            if (refusal.isPresent()) {
                refused(refusal.get());
                return false;
            }
            if (self) {
                return false;
            }
            followed = true;
            follow(opened);
        } catch (IOException failed) {
            if (Thread.currentThread().isInterrupted() || failed.getCause() instanceof InterruptedException) {
                throw new InterruptedException("the node is closing");
            }
            disconnected(failed, followed);
        } catch (MalformedRecordException unknown) {
            refused(String.valueOf(unknown.getMessage()));
            return false;
        } catch (RuntimeException failed) {
            log.error("The link from {} broke", name(), failed);
            refused(String.valueOf(failed.getMessage()));
            return false;
        } finally {
            disconnect();
        }
        return followed;
    }

    private Optional<String> meet(FeedStream opened) throws InterruptedException {
        ReplicaId source = opened.answer().source();
        lock.lock();
        try {
            // What it had may be gone since the last time.
            applied = VersionVector.EMPTY;
            peer = source;
        } finally {
            lock.unlock();
        }
        return judge(source, opened.answer().answer());
    }

    private void follow(FeedStream opened) throws IOException, InterruptedException {
        try (UpdateSink sink = sink(opened)) {
            state = "connected";
            connected = true;
            unreachable = "";
            log.info("Following {} at {}", opened.answer().source(), address.authority());
            String why = opened.follow(sink, this::heard);
            log.info("{} ended its feed: {}", name(), why);
            state = "connecting";
        }
    }

    /** Why the peer cannot be followed now; empty if it can. */
    private Optional<String> judge(ReplicaId source, Answer answer) throws InterruptedException {
        String expected = address.name();
        if (expected != null && !source.name().equals(expected)) {
            return Optional.of("node name: \"" + source.name() + "\" at " + address.authority() + " (expected: \""
                    + expected + "\")");
        }
        return switch (answer) {
            case Answer.Serve serve -> Optional.empty();
            case Answer.Myself myself -> {
                self = true;
                yield Optional.empty();
            }
            case Answer.Refuse refuse -> Optional.of(refuse.why());
            case Answer.Forked forked ->
                Optional.of("another update under the name " + forked.dot()
                        + ": somebody wrote under a copied identity (expected: every dot is used once)");
            case Answer.SourceRegressed regressed ->
                Optional.of(source + " has forgotten updates up to " + regressed.seen()
                        + " (expected: it takes a new incarnation)");
            case Answer.FollowerRegressed regressed -> {
                following.forgot(regressed.seen(), source.name());
                yield Optional.of("this node had forgotten updates up to " + regressed.seen());
            }
            case Answer.Behind behind -> Optional.of("it has less of " + behind.origin() + " than this node");
        };
    }

    private void heard(Heartbeat heartbeat) {
        has(heartbeat.applied());
        following.heard(heartbeat);
    }

    /** Takes note of what the peer has applied. */
    private void has(VersionVector news) {
        lock.lock();
        try {
            applied = applied.join(news);
        } finally {
            lock.unlock();
        }
    }

    private void refused(String why) {
        String refusal = "refused: " + why;
        if (!state.equals(refusal)) {
            log.warn("The link from {} is {}", address.authority(), refusal);
        }
        state = refusal;
    }

    private void disconnected(Exception failed, boolean followed) {
        if (isCut()) {
            log.info("The link from {} was cut", name());
            return;
        }
        String why = String.valueOf(failed.getMessage());
        if (followed) {
            log.warn("Lost the link from {}: {}", name(), why);
        } else if (!why.equals(unreachable)) {
            log.warn("Cannot reach {}, and tries on: {}", address.authority(), why);
            unreachable = why;
        }
        state = "connecting";
    }

    private void disconnect() {
        connected = false;
        stream = null;
    }

    private void pause(int failures) throws InterruptedException {
        Duration pause = following.timing().retryFirst();
        for (int i = 1; i < failures && pause.compareTo(following.timing().retryMax()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        // Nodes that lost each other at the same moment do not come back at the same moment.
        long millis = pause.toMillis();
        if (!isCut()) {
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        }
    }

    private void awaitUncut() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (isCut()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A sink for a stream that comes through this link; the lab can disturb it. */
    UpdateSink sink(FeedStream source) {
        NodeSink direct = following.sink(name(), this::has);
        if (!following.lab()) {
            return direct;
        }
        LabSink disturbed = new LabSink(direct, this::setting, source::close, labSinks::remove);
        labSinks.add(disturbed);
        return disturbed;
    }

    /** Disturbs the link, or mends it. */
    void set(Setting wanted) {
        lock.lock();
        try {
            setting = wanted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        log.info("The link from {} is set to {}", name(), wanted.mode().name().toLowerCase(Locale.ROOT));
        labSinks.forEach(LabSink::settingChanged);
        if (wanted.mode() == Mode.CUT) {
            following.cut(address);
        }
    }

    /** Whether nothing may come through this link. */
    boolean isCut() {
        return setting.mode() == Mode.CUT;
    }

    Setting setting() {
        return setting;
    }

    /** How many updates are in the link. */
    int held() {
        return labSinks.stream().mapToInt(LabSink::held).sum();
    }

    PeerAddress address() {
        return address;
    }

    /** The peer's node name; before it was heard of, the one it is configured with, or its host. */
    String name() {
        ReplicaId known = peer;
        if (known != null) {
            return known.name();
        }
        String configured = address.name();
        return configured != null ? configured : address.host();
    }

    /** Whether the peer's name is known for certain. */
    boolean isNamed() {
        return peer != null || address.name() != null;
    }

    /** The peer as last heard of; null before that. */
    @Nullable
    ReplicaId peer() {
        return peer;
    }

    /** Whether this link leads back to this very node. */
    boolean isSelf() {
        return self;
    }

    boolean isConnected() {
        return connected;
    }

    String state() {
        return state;
    }

    /** The open stream of the peer's own updates. */
    @Nullable
    FeedStream stream() {
        return stream;
    }

    /** This link for the plan of relays; empty while it is not connected. */
    Optional<FollowPlan.Link> planned() {
        ReplicaId known = peer;
        return connected && known != null ? Optional.of(new FollowPlan.Link(known, applied)) : Optional.empty();
    }

    /** What a link needs of the node that it belongs to. */
    interface Following {
        FeedStream open(PeerAddress address, @Nullable ReplicaId origin) throws IOException, InterruptedException;

        /** @param appliedThere is told what the peer has applied, as far as its updates show it */
        NodeSink sink(String through, Consumer<VersionVector> appliedThere);

        /** Closes all streams from an address. */
        void cut(PeerAddress address);

        void heard(Heartbeat heartbeat);

        /** Is told that somebody has seen an update of this node that this node may have forgotten. */
        void forgot(Dot seen, String seenBy) throws InterruptedException;

        /** Tells the operator of a trouble with a replica, once. */
        void complain(ReplicaId about, String trouble);

        boolean lab();

        Timing timing();
    }
}
