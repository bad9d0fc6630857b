package dev.hence.server.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.Heartbeat;
import dev.hence.server.config.NodeConfig;
import dev.hence.server.config.PeerAddress;
import dev.hence.server.runtime.ClusterView;
import dev.hence.server.runtime.Node;
import dev.hence.server.runtime.NodeStatus;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replication of one node: a link from every configured peer, relays for origins that have none, and the
 * feed that it serves to others.
 *
 * <p>Threads: a virtual one for each link and each relay, and one that keeps the plan of relays up to date
 * and closes streams that have gone silent.
 */
public final class Replication implements PeerLink.Following, ClusterView, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Replication.class);
    private static final Duration PLAN_INTERVAL = Duration.ofMillis(100);

    private final Node node;
    private final NodeConfig config;
    private final Timing timing;
    private final Members members;
    private final FeedService feedService;
    private final ClusterReport report;
    private final LabLinks lab;
    private final HttpClient http;
    private final List<PeerLink> links = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<ReplicaId, Relay> relays = new ConcurrentSkipListMap<>();

    public Replication(Node node, NodeConfig config) {
        this.node = node;
        this.config = config;
        this.timing = Timing.DEFAULT;
        this.members = new Members(node);
        this.feedService = new FeedService(node, config.clusterName(), members, timing);
        this.report = new ClusterReport(node, members);
        this.lab = new LabLinks(() -> links);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timing.retryMax())
                .build();
        for (PeerAddress peer : config.peers()) {
            links.add(new PeerLink(peer, this));
        }
    }

    /** Begins to follow the peers. */
    public void start() {
        for (PeerLink link : links) {
            threads.add(Thread.ofVirtual()
                    .name("hence-link-" + link.address().authority())
                    .start(link::run));
        }
        threads.add(Thread.ofVirtual().name("hence-relays").start(this::plan));
    }

    /** Serves this node's feed. */
    public FeedService feedService() {
        return feedService;
    }

    /** The links, for a lab; null where the node is none. */
    public @Nullable LinkLab linkLab() {
        return config.lab() ? lab : null;
    }

    @Override
    public FeedStream open(PeerAddress address, @Nullable ReplicaId origin) throws IOException, InterruptedException {
        return FeedStream.open(http, address.authority(), node, config.clusterName(), origin, timing.silenceMax());
    }

    @Override
    public NodeSink sink(String through) {
        return new NodeSink(node, through);
    }

    @Override
    public void heard(Heartbeat heartbeat) {
        members.heard(heartbeat);
        ReplicaId self = node.self();
        long seen = heartbeat.applied().get(self);
        if (seen > 0) {
            try {
                forgot(new Dot(self, seen), heartbeat.from().name());
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void forgot(Dot seen, String seenBy) throws InterruptedException {
        // A peer can have an update only after this node has published it, so there is no race here.
        if (seen.replica().equals(node.self()) && !node.clock().contains(seen)) {
            node.renew(seen.replica(), seenBy + " has seen " + seen + " of it");
        }
    }

    @Override
    public boolean lab() {
        return config.lab();
    }

    @Override
    public Timing timing() {
        return timing;
    }

    private void plan() {
        try {
            while (true) {
                Thread.sleep(PLAN_INTERVAL);
                relays.values().removeIf(Relay::hasEnded);
                follow(planned());
                closeSilent();
            }
        } catch (InterruptedException closed) {
            relays.values().forEach(Relay::close);
        }
    }

    private Map<ReplicaId, ReplicaId> planned() {
        List<FollowPlan.Link> connected =
                links.stream().map(PeerLink::planned).flatMap(Optional::stream).toList();
        Map<ReplicaId, ReplicaId> current = new TreeMap<>();
        relays.forEach((origin, relay) -> current.put(origin, relay.through()));
        return FollowPlan.relays(node.self(), node.clock(), connected, current);
    }

    private void follow(Map<ReplicaId, ReplicaId> plan) {
        relays.forEach((origin, relay) -> {
            if (!relay.through().equals(plan.get(origin))) {
                relay.close();
                relays.remove(origin);
            }
        });
        plan.forEach((origin, through) -> {
            if (!relays.containsKey(origin)) {
                linkTo(through).ifPresent(link -> start(new Relay(origin, through, link, this)));
            }
        });
    }

    private Optional<PeerLink> linkTo(ReplicaId peer) {
        return links.stream()
                .filter(link -> link.isConnected() && peer.equals(link.peer()))
                .findFirst();
    }

    private void start(Relay relay) {
        relays.put(relay.origin(), relay);
        Thread.ofVirtual().name("hence-relay-" + relay.origin()).start(relay::run);
    }

    private void closeSilent() {
        streams().forEach(stream -> {
            if (stream.silence().compareTo(timing.silenceMax()) > 0) {
                log.warn(
                        "A stream was silent for {} ms and is closed",
                        timing.silenceMax().toMillis());
                stream.close();
            }
        });
    }

    private Stream<FeedStream> streams() {
        Stream<@Nullable FeedStream> all = Stream.concat(
                links.stream().map(PeerLink::stream), relays.values().stream().map(Relay::stream));
        return all.flatMap(Stream::ofNullable);
    }

    @Override
    public List<NodeStatus.Member> members() {
        return report.members(links);
    }

    @Override
    public List<NodeStatus.Follow> follows() {
        return report.follows(links, relays.values());
    }

    /** Ends all streams that this node reads; returns when none delivers anything any more. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        streams().forEach(FeedStream::close);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
