package dev.hence.server.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
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

    private final Complaints complaints = new Complaints(log);
    private final Node node;
    private final NodeConfig config;
    private final Timing timing;
    private final Members members;
    private final FeedService feedService;
    private final ClusterReport report;
    private final LabLinks lab;
    private final HttpClient http;
    private final FeedStream.Connector connector;
    private final List<PeerLink> links = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final OpenStreams streams = new OpenStreams();
    private final Map<ReplicaId, Relay> relays = new ConcurrentSkipListMap<>();

    // Closed ones too, until their threads have ended: whoever closes this waits for them.
    private final Set<Relay> running = ConcurrentHashMap.newKeySet();

    public Replication(Node node, NodeConfig config) {
        this(node, config, Timing.DEFAULT);
    }

    /** The same with other intervals. */
    Replication(Node node, NodeConfig config, Timing timing) {
        this.node = node;
        this.config = config;
        this.timing = timing;
        this.members = new Members(node);
        this.feedService = new FeedService(node, config.clusterName(), members, timing);
        this.report = new ClusterReport(node, members);
        this.lab = new LabLinks(() -> links);
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timing.retryMax())
                .build();
        this.connector = new FeedStream.Connector(http, node, config.clusterName(), timing.silenceMax(), streams);
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
        return connector.connect(address, origin);
    }

    @Override
    public NodeSink sink(String through, Consumer<VersionVector> appliedThere) {
        return new NodeSink(node, through, appliedThere);
    }

    @Override
    public void cut(PeerAddress address) {
        streams.closeFrom(address.authority());
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
    public void complain(ReplicaId about, String trouble) {
        complaints.tell(about, trouble);
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
                planOnce();
            }
        } catch (InterruptedException closed) {
            // Whoever closes this closes the relays.
        }
    }

    private void planOnce() {
        try {
            relays.values().removeIf(relay -> relay.isOver(timing.retryMax()));
            running.removeIf(Relay::hasEnded);
            follow(planned());
            streams.closeSilent(timing.silenceMax());
        } catch (RuntimeException failed) {
            log.error("The plan of relays could not be made; it is tried again", failed);
        }
    }

    private Map<ReplicaId, ReplicaId> planned() {
        List<FollowPlan.Link> connected =
                links.stream().map(PeerLink::planned).flatMap(Optional::stream).toList();
        Map<ReplicaId, ReplicaId> current = new TreeMap<>();
        relays.forEach((origin, relay) -> current.put(origin, relay.through()));
        return FollowPlan.relays(node.self(), node.clock(), connected, current, Map.of());
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
        running.add(relay);
        relay.start();
    }

    @Override
    public List<NodeStatus.Member> members() {
        return report.members(links);
    }

    @Override
    public List<NodeStatus.Follow> follows() {
        return report.follows(links, relays.values());
    }

    /** The states of the links in the order of the configuration, whatever is known of their other ends. */
    List<String> linkStates() {
        return links.stream().map(PeerLink::state).toList();
    }

    /** Ends all streams that this node reads; returns when none delivers anything any more. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        streams.closeAll();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
            // The plan has ended, so there will be no more of them.
            running.forEach(Relay::close);
            for (Relay relay : running) {
                relay.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
