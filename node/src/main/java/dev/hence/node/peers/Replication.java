package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.FollowedPeer;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.LogNeeds;
import dev.hence.core.replication.RescueWait;
import dev.hence.node.Node;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    private final Node node;
    private final NodeConfig config;
    private final Timing timing;
    private final Members members;
    private final Followers followers;
    private final CatchingUp catchingUp;
    private final HeldUpdates held;
    private final FeedService feedService;
    private final Forks forks;
    private final GoneUpdates gone = new GoneUpdates();
    private final LogKeeper keeper;
    private final ClusterReport report;
    private final LinkFaultInjector lab;
    private final FeedStream.Connector connector;
    private final List<PeerLink> links = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final OpenStreams streams = new OpenStreams();
    private final RelayStreams relays;

    public Replication(Node node, NodeConfig config) {
        this(node, config, Timing.DEFAULT);
    }

    /** Same as the public constructor, with other intervals. */
    Replication(Node node, NodeConfig config, Timing timing) {
        this.node = node;
        this.config = config;
        this.timing = timing;
        this.members = new Members(node, () -> links);
        this.held = new HeldUpdates(node.clocks());
        this.forks = new Forks(node, streams::closeOpen);
        this.keeper = new LogKeeper(node, members, config.log());
        this.followers = new Followers(timing.strangerGrace());
        this.catchingUp = new CatchingUp(config.readyWhen(), node, () -> links, held, timing.absentMax());
        this.feedService = new FeedService(node, config.clusterName(), members, followers, forks, timing);
        this.report = new ClusterReport(node, members, followers, held);
        this.lab = new LinkFaultInjector(() -> links);
        this.connector =
                new FeedStream.Connector(node, config.clusterName(), timing.retryMax(), timing.silenceMax(), streams);
        for (PeerAddress peer : config.peers()) {
            links.add(new PeerLink(peer, this));
        }
        this.relays = new RelayStreams(links, this, timing.retryMax());
        node.writer().onForked(dropped -> Thread.ofVirtual().start(() -> streams.closeOf(dropped.replica())));
    }

    /** Starts following the peers. */
    public void start() {
        for (PeerLink link : links) {
            // It waits for its socket directly: a virtual thread would be woken by way of two others.
            start(Thread.ofPlatform().daemon(), "hence-link-" + link.address().authority(), link::run);
        }
        start(Thread.ofVirtual(), "hence-relays", this::plan);
        start(Thread.ofVirtual(), "hence-log-keeper", this::keepLog);
    }

    private void start(Thread.Builder kind, String name, NodeFailure.Body body) {
        threads.add(kind.name(name).start(node.failure().unlessItFails(name, body)));
    }

    /** Serves this node's feed. */
    public FeedService feedService() {
        return feedService;
    }

    /** The fault injection of the links; null if the node is not a lab. */
    public @Nullable FaultInjector linkLab() {
        return config.lab() ? lab : null;
    }

    @Override
    public FeedStream open(PeerAddress address, @Nullable ReplicaId origin, Collection<Dot> differing)
            throws IOException {
        return connector.connect(address, origin, differing);
    }

    @Override
    public NodeSink sink(String through, Consumer<VersionVector> appliedThere) {
        return new NodeSink(node, through, appliedThere, held);
    }

    @Override
    public void cut(PeerAddress address) {
        streams.closeFrom(address.authority());
    }

    @Override
    public void heard(Heartbeat heartbeat) {
        members.heard(heartbeat);
        catchingUp.heard(heartbeat);
        ReplicaId self = node.self();
        long seen = heartbeat.seenOf(self);
        if (seen > 0 && HandshakeOutcome.hasForgotten(new Dot(self, seen), self, node.clock())) {
            try {
                renew(new Dot(self, seen), heartbeat.from().name());
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
        }
        node.gate().heardFrom(self, heartbeat.applied(), node.clock());
    }

    @Override
    public HandshakeOutcome meet(FollowedPeer peer, ReplicaId source, Answer answer) {
        // The identity first: everything this node has published under it is then in the clock.
        ReplicaId self = node.self();
        return peer.meet(source, answer, self, node.clock());
    }

    @Override
    public HandshakeOutcome meet(ReplicaId source, Answer answer) {
        ReplicaId self = node.self();
        return HandshakeOutcome.of(null, source, answer, self, node.clock());
    }

    @Override
    public void renew(Dot forgotten, String seenBy) throws InterruptedException {
        node.identity().renew(forgotten.replica(), seenBy + " has seen " + forgotten + " of it");
        node.gate().heardPeer();
    }

    @Override
    public void failed(String part, Error failure) {
        node.failure().fail(part, failure);
    }

    @Override
    public void differs(ReplicaId peer, Dot dot) throws InterruptedException {
        forks.differs(peer, dot);
    }

    @Override
    public void agrees(ReplicaId peer) {
        forks.agrees(peer.name());
    }

    @Override
    public boolean lab() {
        return config.lab();
    }

    @Override
    public Timing timing() {
        return timing;
    }

    private void keepLog() throws InterruptedException {
        while (true) {
            Thread.sleep(timing.logInterval());
            keeper.look();
        }
    }

    /** The thread that closes this also closes the relays. */
    private void plan() throws InterruptedException {
        while (true) {
            Thread.sleep(PLAN_INTERVAL);
            planOnce();
        }
    }

    private void planOnce() {
        try {
            node.clocks()
                    .peers((int) links.stream().filter(link -> !link.isSelf()).count());
            relays.plan(node.self(), node.clock());
            streams.closeSilent(timing.silenceMax());
            followers.look(links, members);
            catchingUp.look();
        } catch (RuntimeException failed) {
            log.error("The relays could not be planned; retrying", failed);
        }
    }

    @Override
    public List<NodeStatus.Member> members() {
        return report.members(links);
    }

    @Override
    public VersionVector stable() {
        return members.stable();
    }

    @Override
    public Optional<CatchUp.Progress> catchingUp() {
        return catchingUp.look();
    }

    @Override
    public List<String> rescueAwaits() {
        // The links first: their state is then compared with a clock read later.
        List<RescueWait.Peer> peers = links.stream().map(PeerLink::rescuedWith).toList();
        List<ReplicaId> heldOnes =
                held.now().stream().map(each -> each.dot().replica()).toList();
        return RescueWait.awaited(node.self().name(), peers, node.clock(), heldOnes);
    }

    @Override
    public void gone(ReplicaId origin, ReplicaId peer, long first) {
        gone.gone(origin, peer, first, node.clock());
    }

    @Override
    public void served(ReplicaId origin, ReplicaId peer) {
        gone.served(origin, peer);
    }

    @Override
    public List<NodeStatus.Gone> gone() {
        List<FollowPlan.Link> planned =
                links.stream().map(PeerLink::planned).flatMap(Optional::stream).toList();
        return gone.now(node.clock(), planned);
    }

    @Override
    public List<LogNeeds.Lack> lacking(VersionVector updates) {
        return LogNeeds.lacking(updates, members.stored());
    }

    @Override
    public List<NodeStatus.Held> held() {
        return held.now();
    }

    @Override
    public List<HealthIssue> health() {
        List<HealthIssue> issues = new ArrayList<>();
        issues.addAll(forks.health());
        catchingUp.issue().ifPresent(issues::add);
        issues.addAll(GoneUpdates.health(gone()));
        issues.addAll(followers.issues());
        issues.addAll(held.health());
        return issues;
    }

    @Override
    public List<NodeStatus.Follow> follows() {
        return report.follows(links, relays.current());
    }

    @Override
    public int awaitStored(Dot update, int wanted, Duration atMost) throws InterruptedException {
        return members.awaitStored(update, wanted, atMost);
    }

    /** The states of the links in the order of the configuration, whatever is known of the peers. */
    List<String> linkStates() {
        return links.stream().map(PeerLink::state).toList();
    }

    /** Ends all streams that this node reads; returns when none delivers anything any more. */
    @Override
    public void close() {
        members.close();
        threads.forEach(Thread::interrupt);
        streams.closeAll();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
            // The plan has ended, so no more relays are opened.
            relays.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
