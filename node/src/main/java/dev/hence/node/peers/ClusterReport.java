package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.replication.Strangers;
import dev.hence.node.Node;
import dev.hence.node.store.NodeStatus.Follow;
import dev.hence.node.store.NodeStatus.Member;
import dev.hence.node.visibility.VisibleClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The state of the cluster according to links and heartbeats, in readable form. */
final class ClusterReport {

    private final Node node;
    private final Members members;
    private final Followers followers;
    private final HeldUpdates held;

    ClusterReport(Node node, Members members, Followers followers, HeldUpdates held) {
        this.node = node;
        this.members = members;
        this.followers = followers;
        this.held = held;
    }

    /** All known members including this node, ordered by name. */
    List<Member> members(Collection<PeerLink> links) {
        VisibleClock.View view = node.published().view();
        Map<String, Member> byName = new TreeMap<>();
        for (MemberClocks.Entry entry : members.others()) {
            byName.put(entry.member().name(), member(entry.member().name(), entry, null, view.clock()));
        }
        for (PeerLink link : links) {
            if (!link.isSelf() && shown(link)) {
                byName.put(link.name(), member(link.name(), entry(link.name()), link, view.clock()));
            }
        }
        for (Strangers.Follower stranger : followers.strangers()) {
            byName.putIfAbsent(stranger.node().name(), member(stranger, view.clock()));
        }
        ReplicaId self = node.self();
        byName.put(
                self.name(),
                new Member(self.name(), self, null, true, true, "this node", view.clock(), view.durable(), 0, 0L));
        return List.copyOf(byName.values());
    }

    /** A peer that has not been heard of yet is shown by its host, unless that equals a node's name. */
    private static boolean shown(PeerLink link) {
        boolean hostIsName = ReplicaId.isName(link.name())
                && !link.name().equals("localhost")
                && !link.name().chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return link.isNamed() || hostIsName;
    }

    private MemberClocks.@Nullable Entry entry(String name) {
        return members.others().stream()
                .filter(other -> other.member().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private Member member(
            String name, MemberClocks.@Nullable Entry entry, @Nullable PeerLink link, VersionVector clock) {
        VersionVector applied = entry == null ? VersionVector.EMPTY : entry.applied();
        OptionalLong heard = members.heardMillisAgo(name);
        return new Member(
                name,
                entry != null ? entry.member() : link == null ? null : link.peer(),
                link == null ? null : link.address().authority(),
                false,
                link != null && link.isConnected(),
                link == null ? "known through other nodes" : link.state(),
                applied,
                entry == null ? VersionVector.EMPTY : entry.durable(),
                clock.missingCount(applied),
                heard.isEmpty() ? null : heard.getAsLong());
    }

    private String state(ReplicaId origin, String through, String otherwise) {
        return held.now().stream()
                .filter(each ->
                        each.dot().replica().equals(origin) && each.through().equals(through))
                .findFirst()
                .map(each -> "held: " + each.dot() + " is " + each.aheadMillis() / 1_000
                        + " s ahead of this node's wall clock")
                .orElse(otherwise);
    }

    private static Member member(Strangers.Follower stranger, VersionVector clock) {
        return new Member(
                stranger.node().name(),
                stranger.node(),
                null,
                false,
                false,
                "follows this node, but this node does not follow it: add it to the peers",
                stranger.applied(),
                VersionVector.EMPTY,
                clock.missingCount(stranger.applied()),
                null);
    }

    /** The streams that this node reads. */
    List<Follow> follows(Collection<PeerLink> links, Collection<RelayStream> relays) {
        List<Follow> follows = new ArrayList<>();
        for (PeerLink link : links) {
            ReplicaId peer = link.peer();
            FeedStream stream = link.stream();
            if (peer != null && stream != null && !link.isSelf()) {
                follows.add(new Follow(
                        peer, peer, state(peer, link.name(), link.state()), stream.received(), stream.lastCounter()));
            }
        }
        for (RelayStream relay : relays) {
            FeedStream stream = relay.stream();
            if (stream != null) {
                follows.add(new Follow(
                        relay.route().origin(),
                        relay.route().through(),
                        state(relay.route().origin(), relay.route().through().name(), relay.state()),
                        stream.received(),
                        stream.lastCounter()));
            }
        }
        return follows;
    }
}
