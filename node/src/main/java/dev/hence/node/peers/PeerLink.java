package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.FeedBrokenException;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.FollowedPeer;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.RescueWait;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.peers.FaultInjector.Mode;
import dev.hence.node.peers.LinkFaultInjector.Setting;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link from one configured peer: follows the peer's own updates, reconnects whenever the connection ends, and is
 * used by relays of other origins. {@link FollowedPeer} decides how to treat the peer and when to retry.
 *
 * <p>Its thread runs {@link #run}; all other methods may be called by any thread.
 */
final class PeerLink {

    private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

    private final PeerAddress address;
    private final Following following;
    private final Collection<FaultySink> labSinks = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private final FollowedPeer peer;

    private volatile @Nullable FeedStream stream;
    private volatile boolean self;
    private volatile String state = "connecting";

    /** Why the peer was last unreachable, so that it is logged once and not at every attempt. */
    private volatile String unreachable = "";

    private volatile Setting setting = Setting.OPEN;

    PeerLink(PeerAddress address, Following following) {
        this.address = address;
        this.following = following;
        Timing timing = following.timing();
        this.peer = new FollowedPeer(
                address.name(),
                new FollowedPeer.Retry(
                        timing.retryFirst().toMillis(), timing.retryMax().toMillis()));
    }

    /** Follows the peer until the thread is interrupted. */
    void run() {
        try {
            while (!self) {
                if (isCut()) {
                    state = "cut";
                    awaitUncut();
                } else {
                    connect();
                    pause();
                }
            }
        } catch (InterruptedException closed) {
            tell(FollowedPeer::lost);
        }
    }

    /** One connection, from its handshake to its end. */
    private void connect() throws InterruptedException {
        try (FeedStream opened = following.open(address, null, differing())) {
            stream = opened;
            // Read after the stream is registered; written before the streams are iterated.
            if (isCut()) {
                return;
            }
            if (meet(opened)) {
                follow(opened);
                tell(FollowedPeer::lost);
            }
        } catch (IOException failed) {
            if (Thread.currentThread().isInterrupted() || failed.getCause() instanceof InterruptedException) {
                throw new InterruptedException("the node is shutting down");
            }
            disconnected(failed);
        } catch (MalformedRecordException | FeedBrokenException unknown) {
            broken(unknown);
        } catch (RuntimeException failed) {
            log.error("The link from {} broke", name(), failed);
            broken(failed);
        } finally {
            stream = null;
        }
    }

    /** Performs the handshake's outcome; returns whether the peer is to be followed. */
    private boolean meet(FeedStream opened) throws InterruptedException {
        ReplicaId source = opened.source();
        HandshakeOutcome meeting = ask(known -> following.meet(known, source, opened.answer()));
        switch (meeting) {
            case HandshakeOutcome.Follow follow -> {
                following.agrees(source);
                following.served(source, source);
            }
            case HandshakeOutcome.Gone(ReplicaId origin, long first, String why) -> {
                following.agrees(source);
                following.gone(origin, source, first);
                refused(why + ", at " + address.authority());
            }
            case HandshakeOutcome.Myself myself -> self = true;
            case HandshakeOutcome.Rest rest -> refused(rest.why() + ", at " + address.authority());
            case HandshakeOutcome.Forked forked -> {
                following.differs(source, forked.dot());
                refused(forked.why() + ", at " + address.authority());
            }
            case HandshakeOutcome.Renew renew -> {
                following.renew(renew.forgotten(), source.name());
                refused(renew.why());
            }
        }
        return meeting instanceof HandshakeOutcome.Follow;
    }

    private Collection<Dot> differing() {
        Dot dot = ask(FollowedPeer::differing);
        return dot == null ? List.of() : List.of(dot);
    }

    private void follow(FeedStream opened) throws IOException, InterruptedException {
        try (UpdateSink sink = sink(opened)) {
            state = "connected";
            unreachable = "";
            log.info("Following {} at {}", opened.source(), address.authority());
            String why = opened.follow(sink, this::heard);
            log.info("The feed of {} has ended: {}", name(), why);
            state = "connecting";
        }
    }

    private void heard(Heartbeat heartbeat) {
        tell(known -> known.announces(heartbeat.applied()));
        following.heard(heartbeat);
    }

    /** Records what the peer has applied. */
    private void has(VersionVector news) {
        tell(known -> known.has(news));
    }

    private void broken(RuntimeException why) {
        tell(FollowedPeer::broken);
        refused(String.valueOf(why.getMessage()));
    }

    private void refused(String why) {
        String refusal = "refused: " + why;
        if (!state.equals(refusal)) {
            log.warn("The link from {} is {}", address.authority(), refusal);
        }
        state = refusal;
    }

    private void disconnected(Exception failed) {
        boolean followed = isConnected();
        tell(FollowedPeer::lost);
        if (isCut()) {
            log.info("The link from {} was cut", name());
            return;
        }
        String why = String.valueOf(failed.getMessage());
        if (followed) {
            log.warn("Lost the link from {}: {}", name(), why);
        } else if (!why.equals(unreachable)) {
            log.warn("Cannot reach {}, retrying: {}", address.authority(), why);
            unreachable = why;
        }
        state = "connecting";
    }

    private void pause() throws InterruptedException {
        double chance = ThreadLocalRandom.current().nextDouble();
        long millis = ask(known -> known.pauseMillis(chance));
        if (!isCut()) {
            Thread.sleep(millis);
        }
    }

    private void tell(Consumer<FollowedPeer> news) {
        lock.lock();
        try {
            news.accept(peer);
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T ask(Function<FollowedPeer, T> question) {
        lock.lock();
        try {
            return question.apply(peer);
        } finally {
            lock.unlock();
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
        FaultySink disturbed = new FaultySink(direct, this::setting, source::close, labSinks::remove);
        labSinks.add(disturbed);
        return disturbed;
    }

    /** Changes the fault injection of the link. */
    void set(Setting wanted) {
        lock.lock();
        try {
            setting = wanted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        log.info("The link from {} is set to {}", name(), wanted.mode().name().toLowerCase(Locale.ROOT));
        labSinks.forEach(FaultySink::settingChanged);
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

    /** The number of updates held in the link. */
    int held() {
        return labSinks.stream().mapToInt(FaultySink::held).sum();
    }

    PeerAddress address() {
        return address;
    }

    /** The peer's node name; before the first handshake the configured name, or its host. */
    String name() {
        ReplicaId known = peer();
        if (known != null) {
            return known.name();
        }
        String configured = address.name();
        return configured != null ? configured : address.host();
    }

    /** Whether the peer's name is known for certain. */
    boolean isNamed() {
        return peer() != null || address.name() != null;
    }

    /** The peer's identity at the last handshake; null before that. */
    @Nullable
    ReplicaId peer() {
        return ask(FollowedPeer::peer);
    }

    /** The name by which the peer is a member of the cluster; null while it is unknown. */
    @Nullable
    String memberName() {
        return ask(FollowedPeer::memberName);
    }

    /** Whether this link leads back to this node. */
    boolean isSelf() {
        return self;
    }

    boolean isConnected() {
        return ask(FollowedPeer::isFollowing);
    }

    String state() {
        return state;
    }

    /** The open stream of the peer's own updates. */
    @Nullable
    FeedStream stream() {
        return stream;
    }

    /** This link as input of the relay plan; empty while it is not connected. */
    Optional<FollowPlan.Link> planned() {
        return ask(FollowedPeer::link);
    }

    /** This link as input of the catch-up. */
    CatchUp.Peer caughtUpWith() {
        return ask(known -> new CatchUp.Peer(address.authority(), known.peer(), link(known)));
    }

    /** This link as input of the rescue. */
    RescueWait.Peer rescuedWith() {
        return ask(known -> new RescueWait.Peer(address.authority(), link(known), known.announced(), known.applied()));
    }

    private CatchUp.Link link(FollowedPeer known) {
        if (self) {
            return CatchUp.Link.SELF;
        }
        if (known.isFollowing()) {
            return CatchUp.Link.FOLLOWED;
        }
        return known.hasFailed() ? CatchUp.Link.FAILED : CatchUp.Link.TRYING;
    }

    /** Whether the name of the node behind it is known, or an attempt to learn it has failed. */
    boolean isExplored() {
        return self || memberName() != null || ask(FollowedPeer::hasFailed);
    }

    /** What a link needs from its node. */
    interface Following {
        /** @param differing dots where the peer was found to have other updates than this node */
        FeedStream open(PeerAddress address, @Nullable ReplicaId origin, Collection<Dot> differing) throws IOException;

        /** @param appliedThere receives what the peer has applied, as far as its updates show it */
        NodeSink sink(String through, Consumer<VersionVector> appliedThere);

        /** Closes all streams from an address. */
        void cut(PeerAddress address);

        void heard(Heartbeat heartbeat);

        /** Handles the handshake response of the peer. */
        HandshakeOutcome meet(FollowedPeer peer, ReplicaId source, Answer answer);

        /** Handles the handshake response for a feed of another origin's updates, through any peer. */
        HandshakeOutcome meet(ReplicaId source, Answer answer);

        /** Takes a new identity, because a peer has seen an update of this node that the node has lost. */
        void renew(Dot forgotten, String seenBy) throws InterruptedException;

        /** Records that a peer has another update than this node under a dot. */
        void differs(ReplicaId peer, Dot dot) throws InterruptedException;

        /** Records that a peer has deleted updates of an origin that this node needs. */
        void gone(ReplicaId origin, ReplicaId peer, long first);

        /** Records that a peer serves the updates of an origin. */
        void served(ReplicaId origin, ReplicaId peer);

        /** Records that a handshake succeeded and the peer is followed. */
        void agrees(ReplicaId peer);

        /** Fails the node: one of its parts cannot continue. */
        void failed(String part, Error failure);

        boolean lab();

        Timing timing();
    }
}
