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
 * The nodes that read this node's own updates. Which of them are missing among its peers is decided by {@link
 * Strangers}.
 *
 * <p>Thread-safe.
 */
final class Followers {

    private static final Logger log = LoggerFactory.getLogger(Followers.class);

    private final RateLimitedLog complaints = new RateLimitedLog(log, Level.ERROR);

    /** Guarded by this. */
    private final Strangers decided;

    private volatile List<Strangers.Follower> strangers = List.of();

    /** @param grace how long a node that is unknown may follow this one */
    Followers(Duration grace) {
        this.decided = new Strangers(grace.toMillis());
    }

    /** Records a stream of a follower. */
    synchronized void began(FeedRequest request) {
        decided.began(new Strangers.Follower(request.follower(), request.applied()));
    }

    /** Records the end of that stream. */
    synchronized void ended(FeedRequest request) {
        decided.ended(request.follower());
    }

    /** Looks which of them are strangers, and logs each one once. */
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

    /** Those that are missing among the peers, as found last. */
    List<Strangers.Follower> strangers() {
        return strangers;
    }

    /** The same as what operators have to know. */
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
