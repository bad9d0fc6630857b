package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.KnownForks;
import dev.hence.node.Node;
import dev.hence.node.store.HealthIssue;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that have other updates than this one under the same dots, whichever side detected it, for the node itself,
 * the log and its operators.
 *
 * <p>Thread-safe.
 */
final class Forks {

    private static final Logger log = LoggerFactory.getLogger(Forks.class);

    private final Node node;
    private final Runnable meetAgain;
    private final KnownForks known = new KnownForks();

    /** @param meetAgain ends all streams, so that every peer repeats its handshake: others may be on either side */
    Forks(Node node, Runnable meetAgain) {
        this.node = node;
        this.meetAgain = meetAgain;
    }

    /** Records that a peer has another update under a dot. */
    void differs(ReplicaId peer, Dot dot) throws InterruptedException {
        node.identity().differing(dot);
        node.gate().heardPeer();
        boolean news;
        synchronized (known) {
            news = known.differs(peer.name(), dot);
        }
        if (news) {
            log.error(
                    "{} has another update under the name {} than this node, or knows of one: a rolled back or copied"
                            + " disk was written to. The two nodes exchange no updates",
                    peer,
                    dot);
            meetAgain.run();
        }
    }

    /** Records a handshake with a peer that has no differing updates known to either side. */
    void agrees(String peer) {
        synchronized (known) {
            known.agrees(peer);
        }
    }

    List<HealthIssue> health() {
        Map<String, Dot> forks;
        synchronized (known) {
            forks = known.byNode();
        }
        return forks.entrySet().stream()
                .map(fork -> new HealthIssue(
                        HealthIssue.Kind.PEER_FORKED,
                        fork.getKey() + ": another update under the name " + fork.getValue()
                                + " (expected: every name is used once; the two nodes exchange no updates until one"
                                + " of them is rescued)"))
                .toList();
    }
}
