package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.eventuallyAsserted;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.log.SegmentLog;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import dev.hence.node.testing.NodeConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes in one process that replicate over real HTTP. Each keeps its port across stops and starts. */
final class Cluster implements AutoCloseable {

    /** Production defaults, except for a machine that may stall for seconds. */
    static final Timing PATIENT = withHeartbeats(Duration.ofMillis(50));

    static Timing withHeartbeats(Duration interval) {
        return new Timing(
                interval,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMillis(10),
                Duration.ofMillis(200),
                Timing.DEFAULT.absentMax(),
                Timing.DEFAULT.strangerGrace(),
                Duration.ofMillis(50));
    }

    /** Production defaults, except that peers may be silent for this long. */
    static Timing silentFor(Duration silenceMax) {
        return new Timing(
                PATIENT.heartbeatInterval(),
                silenceMax,
                PATIENT.relayIdleMax(),
                PATIENT.retryFirst(),
                PATIENT.retryMax());
    }

    /** Intervals with other waits for peers. */
    static Timing waiting(Duration absentMax, Duration strangerGrace) {
        return new Timing(
                PATIENT.heartbeatInterval(),
                PATIENT.silenceMax(),
                PATIENT.relayIdleMax(),
                PATIENT.retryFirst(),
                PATIENT.retryMax(),
                absentMax,
                strangerGrace,
                PATIENT.logInterval());
    }

    private final Path directory;
    private final Map<String, Member> members = new LinkedHashMap<>();

    Cluster(Path directory) {
        this.directory = directory;
    }

    /** A member that is not started yet. */
    Member member(String name) throws IOException {
        Member member = new Member(name, directory.resolve(name));
        members.put(name, member);
        return member;
    }

    /** Starts members, each configured with all of them, itself included. */
    void startAll(Member... all) {
        PeerAddress[] addresses = new PeerAddress[all.length];
        for (int i = 0; i < all.length; i++) {
            addresses[i] = all[i].address();
        }
        for (Member member : all) {
            member.start(addresses);
        }
    }

    /** Blocks until all running members have the same clock and the same state. */
    void awaitConvergence() throws Exception {
        List<Member> running =
                members.values().stream().filter(Member::isRunning).toList();
        eventuallyAsserted(() -> assertThat(
                        running.stream().map(member -> member.node().clock()).distinct())
                .hasSize(1));
        assertThat(running.stream().map(Member::state).distinct()).hasSize(1);
    }

    @Override
    public void close() {
        members.values().forEach(Member::close);
    }

    /** One node and its port. */
    static final class Member implements AutoCloseable {

        private final String name;
        private final Path data;
        private final HttpServer http;
        private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
        private final Map<HttpExchange, Thread> feeds = new ConcurrentHashMap<>();
        private final AtomicInteger feedsAsked = new AtomicInteger();
        private volatile @Nullable Node node;
        private volatile @Nullable Replication replication;
        Limits limits = NodeConfigs.LIMITS;
        Timing timing = PATIENT;
        String cluster = "hence";
        FsyncPolicy fsync = FsyncPolicy.NEVER;
        LogLimits log = LogLimits.DEFAULT;
        SegmentLog.Sizes sizes = SegmentLog.Sizes.DEFAULT;
        ReadyWhen readyWhen = ReadyWhen.CAUGHT_UP;

        /** Peers whose links hold all updates from the start. */
        List<String> heldFromTheStart = List.of();

        String nodeName;

        /** The error of the wall clock. */
        volatile long clockAheadMillis;

        Member(String name, Path data) throws IOException {
            this.name = name;
            this.nodeName = name;
            this.data = data;
            this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/replication/feed", this::feed);
            http.setExecutor(requests);
            http.start();
        }

        PeerAddress address() {
            return new PeerAddress(null, "127.0.0.1", http.getAddress().getPort());
        }

        /** The address with the node's name. */
        PeerAddress namedAddress() {
            return new PeerAddress(nodeName, "127.0.0.1", http.getAddress().getPort());
        }

        Path data() {
            return data;
        }

        Member start(PeerAddress... peers) {
            NodeConfig config = NodeConfig.alone(nodeName, data)
                    .withPeers(List.of(peers))
                    .with(fsync)
                    .inCluster(cluster)
                    .withLab(true)
                    .with(limits)
                    .with(log)
                    .with(readyWhen);
            Node opened = Node.over(
                    DataDirectory.openForNode(data, nodeName, cluster, fsync, sizes)
                            .storage(),
                    config,
                    new SimpleMeterRegistry(),
                    () -> System.currentTimeMillis() + clockAheadMillis);
            Replication started = new Replication(opened, config, timing);
            opened.showing(started);
            node = opened;
            replication = started;
            FaultInjector lab = Objects.requireNonNull(started.linkLab());
            heldFromTheStart.forEach(peer -> lab.set(peer, FaultInjector.Mode.HOLD, 0));
            started.start();
            return this;
        }

        boolean isRunning() {
            return node != null;
        }

        Node node() {
            return Objects.requireNonNull(node, name);
        }

        Replication replication() {
            return Objects.requireNonNull(replication, name);
        }

        Dot set(String key, String value) {
            try {
                return Objects.requireNonNull(node().write(transaction -> {
                                    transaction.set(Bytes.utf8(key), Bytes.utf8(value));
                                    return "done";
                                })
                                .update())
                        .dot();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        /** The visible value of a key; "absent" if there is none. */
        String get(String key) {
            Bytes value = node().read(Bytes.utf8(key)).value().string().value();
            return value == null ? "absent" : value.toString();
        }

        void awaitDelivered(Dot dot) throws Exception {
            eventually(name + " has delivered " + dot, () -> node().clock().contains(dot));
        }

        List<Store.KeyEntry> state() {
            return node().scan(Bytes.EMPTY, null, 1_000_000, Long.MAX_VALUE)
                    .value()
                    .entries();
        }

        NodeStatus.Member sees(String other) {
            return node().status().members().stream()
                    .filter(member -> member.name().equals(other))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " does not see " + other + " in "
                            + node().status().members()));
        }

        void lab(Member from, FaultInjector.Mode mode) throws Exception {
            lab(from, mode, 0);
        }

        void lab(Member from, FaultInjector.Mode mode, int delayMillis) throws Exception {
            FaultInjector lab = Objects.requireNonNull(replication().linkLab());
            eventually(
                    name + " knows the link from " + from.name,
                    () -> lab.set(from.nodeName, mode, delayMillis).isPresent());
        }

        int heldFrom(Member from) {
            return Objects.requireNonNull(replication().linkLab()).links().stream()
                    .filter(link -> link.from().equals(from.nodeName))
                    .mapToInt(FaultInjector.Link::held)
                    .sum();
        }

        void awaitConnected(Member other) throws Exception {
            eventually(
                    name + " follows " + other.name,
                    () -> node().status().members().stream()
                            .anyMatch(member -> member.name().equals(other.nodeName) && member.connected()));
        }

        ReplicaId self() {
            return node().self();
        }

        /** How many feeds others have requested. */
        int feedsAsked() {
            return feedsAsked.get();
        }

        private void feed(HttpExchange exchange) throws IOException {
            feedsAsked.incrementAndGet();
            Replication serving = replication;
            byte[] request = exchange.getRequestBody().readAllBytes();
            if (serving == null) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
                return;
            }
            feeds.put(exchange, Thread.currentThread());
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                serving.feedService().open(request).writeTo(out, new MemoryBudget(Long.MAX_VALUE).holder(() -> {}));
            } catch (InterruptedException dropped) {
                Thread.currentThread().interrupt();
            } finally {
                feeds.remove(exchange);
                exchange.close();
            }
        }

        /** Breaks the connections of all followers of this node. */
        int dropFeeds() {
            List<HttpExchange> open = new ArrayList<>(feeds.keySet());
            open.forEach(exchange -> {
                Thread serving = feeds.get(exchange);
                if (serving != null) {
                    serving.interrupt();
                }
            });
            return open.size();
        }

        void stop() {
            Node closing = node;
            Replication ending = replication;
            if (closing == null || ending == null) {
                return;
            }
            node = null;
            replication = null;
            closing.announceClosing();
            ending.close();
            dropFeeds();
            closing.close();
        }

        /** Deletes all data of a stopped node. */
        void wipe() throws IOException {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }

        @Override
        public void close() {
            stop();
            http.stop(0);
            requests.shutdownNow();
        }
    }
}
