package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.replication.Strangers;
import dev.hence.node.logging.RateLimitedLog;
import dev.hence.node.store.HealthIssue;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The nodes that follow this node's own updates. {@link Strangers} decides which of them are missing among its peers.
 *
 * <p>Thread-safe.
 */
final class Followers {

    private static final Logger log = LoggerFactory.getLogger(Followers.class);

    private final RateLimitedLog complaints = new RateLimitedLog(log, Level.ERROR);

    /** Guarded by this. */
    private final Strangers decided;

    private volatile List<Strangers.Follower> strangers = List.of();

    /** @param grace how long an unknown node may follow this one */
    Followers(Duration grace) {
        this.decided = new Strangers(grace.toMillis());
    }

    /** Records the start of a follower's stream. */
    synchronized void began(FeedRequest request) {
        decided.began(new Strangers.Follower(request.follower(), request.applied()));
    }

    /** Records the end of that stream. */
    synchronized void ended(FeedRequest request) {
        decided.ended(request.follower());
    }

    /** Updates the set of strangers, and logs each new one once. */
    void look(Collection<PeerLink> links, Members members) {
        Set<String> known = known(links, members);
        boolean complete = links.stream().allMatch(PeerLink::isExplored);
        List<Strangers.Follower> found;
        synchronized (this) {
            found = decided.look(known, complete, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        }
        strangers = found;
        for (Strangers.Follower stranger : found) {
            complaints.tell(stranger.node(), HealthIssue.Kind.NOT_FOLLOWED_BACK.title() + ": " + detail(stranger));
        }
    }

    private static Set<String> known(Collection<PeerLink> links, Members members) {
        Set<String> known = new HashSet<>();
        for (PeerLink link : links) {
            String name = link.memberName();
            if (name != null) {
                known.add(name);
            }
            ReplicaId met = link.peer();
            if (met != null) {
                known.add(met.name());
            }
        }
        members.others().stream()
                .map(MemberClocks.Entry::member)
                .map(ReplicaId::name)
                .forEach(known::add);
        return known;
    }

    /** The followers missing among the peers, as of the last update. */
    List<Strangers.Follower> strangers() {
        return strangers;
    }

    /** The same as health issues. */
    List<HealthIssue> issues() {
        return strangers.stream()
                .map(stranger -> new HealthIssue(HealthIssue.Kind.NOT_FOLLOWED_BACK, detail(stranger)))
                .toList();
    }

    private static String detail(Strangers.Follower stranger) {
        String name = stranger.node().name();
        return name + " reads the updates of this node, but its own updates do not arrive here (expected: the address"
                + " of " + name
                + " in --peers of this node, or of a node that this node follows)";
    }
}
