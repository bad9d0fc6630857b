package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.FollowedPeer;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.Heartbeat;
import dev.hence.simulator.scenario.Settings;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The link to one configured peer: follows the peer's own updates, and reconnects whenever the stream ends. */
final class PeerLink implements FeedStream.Reader {
    private static final FollowedPeer.Retry RETRY = new FollowedPeer.Retry(50, 1_000);

    private final NodeProcess process;
    private final Following following;
    private final int peer;
    private final FollowedPeer known;
    private @Nullable FeedStream stream;
    private boolean met;
    private boolean closed;

    PeerLink(NodeProcess process, Following following, int peer) {
        this.process = process;
        this.following = following;
        this.peer = peer;
        this.known = new FollowedPeer(Settings.nodeName(peer), RETRY);
    }

    int peer() {
        return peer;
    }

    /** This link for the plan of relays; empty while it is not connected. */
    Optional<FollowPlan.Link> link() {
        return known.link();
    }

    void connect() {
        if (!closed) {
            met = false;
            Dot differing = known.differing();
            stream = new FeedStream(process, peer, null, differing == null ? List.of() : List.of(differing), this);
        }
    }

    @Override
    public boolean answered(ReplicaId source, Answer answer) {
        met = true;
        return switch (known.meet(source, answer, process.self(), process.clock())) {
            case HandshakeOutcome.Follow follow -> {
                process.agrees(source);
                yield true;
            }
            case HandshakeOutcome.Forked forked -> {
                process.differs(source, forked.dot());
                yield false;
            }
            case HandshakeOutcome.Renew renew -> {
                process.seenElsewhere(renew.forgotten(), renew.why());
                yield false;
            }
            case HandshakeOutcome.Gone gone -> false;
            case HandshakeOutcome.Rest rest -> false;
            case HandshakeOutcome.Myself myself -> throw new IllegalStateException("node " + source + " met itself");
        };
    }

    @Override
    public void has(VersionVector appliedThere) {
        known.has(appliedThere);
    }

    @Override
    public void heard(Heartbeat heartbeat) {
        known.has(heartbeat.applied());
        process.clocks().heard(heartbeat);
        following.heard(heartbeat);
    }

    @Override
    public void ended(boolean inOrder) {
        stream = null;
        if (known.isFollowing() || !met) {
            known.lost();
        }
        process.later(known.pauseMillis(process.chance().unit()) * 1_000, this::connect);
    }

    @Nullable
    FeedStream stream() {
        return stream;
    }

    void closeIfSilent() {
        if (stream != null) {
            stream.closeIfSilent();
        }
    }

    void meetAgain() {
        if (stream != null) {
            stream.end();
        }
    }

    void closeIfOf(ReplicaId origin) {
        if (stream != null) {
            stream.closeIfOf(origin);
        }
    }

    void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
    }

    void gone(boolean powered) {
        if (stream != null) {
            stream.gone(powered);
        }
    }
}
