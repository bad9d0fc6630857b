package dev.hence.redis;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.NodeStatus;
import dev.hence.redis.commands.AllCommands;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.RespTiming;
import dev.hence.redis.execution.CommandTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real node behind its Redis port, or without a socket ({@link #direct}). A test determines what the node hears of
 * other members, and transfers updates from another such node explicitly.
 */
public final class RedisNode implements AutoCloseable {

    /** The start of a test-controlled clock, in milliseconds since 1970. */
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    /** Generous timeouts for every client. */
    static final RespTiming PATIENT = new RespTiming(
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            Duration.ofSeconds(20));

    /** The node itself. */
    final Node node;

    final RespServer server;
    final MemoryBudget memory;
    private final CommandTable commands;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Others others = new Others();
    private final @Nullable AtomicLong clock;
    private long directClients;
    private long forgotten;

    private RedisNode(
            NodeConfig config,
            RespTiming timing,
            CommandTable commands,
            MemoryBudget memory,
            @Nullable AtomicLong clock)
            throws IOException {
        this.commands = commands;
        this.memory = memory;
        this.clock = clock;
        LongSupplier wallMillis = clock == null ? System::currentTimeMillis : clock::get;
        node = Node.open(config, meters, wallMillis);
        node.showing(others);
        server = new RespServer(config, node, commands, memory, timing);
        server.start();
    }

    /** A node alone on any free Redis port: no fsync, and no minimum of disk space. */
    public static NodeConfig config(String name, Path data) {
        return NodeConfig.alone(name, data)
                .with(FsyncPolicy.NEVER)
                .with(Limits.DEFAULT.withDiskFreeBytesMin(0))
                .with(RedisConfig.on(RedisConfig.ANY));
    }

    /** A node that forces every write to the disk. */
    public static RedisNode start(String name, Path data) throws IOException {
        return start(name, data, FsyncPolicy.ALWAYS);
    }

    /** A node with a given fsync policy. */
    public static RedisNode start(String name, Path data, FsyncPolicy fsync) throws IOException {
        return new RedisNode(config(name, data).with(fsync), PATIENT, AllCommands.table(), MemoryBudget.ofHeap(), null);
    }

    /** A node without a port, whose wall clock is controlled by the test. */
    public static RedisNode startSilent(String name, Path data, Limits limits) throws IOException {
        NodeConfig config =
                config(name, data).with(limits.withDiskFreeBytesMin(0)).with(RedisConfig.on(RedisConfig.OFF));
        return new RedisNode(config, PATIENT, AllCommands.table(), MemoryBudget.ofHeap(), new AtomicLong(BEGIN_MILLIS));
    }

    /** A node with {@link TestCommands}. */
    static RedisNode start(Path data) throws IOException {
        return start(data, RedisConfig.on(RedisConfig.ANY), PATIENT);
    }

    static RedisNode start(Path data, RedisConfig redis, RespTiming timing) throws IOException {
        return start(config("node1", data).with(redis), timing, MemoryBudget.ofHeap());
    }

    static RedisNode start(Path data, Limits limits) throws IOException {
        return start(config("node1", data).with(limits), PATIENT, MemoryBudget.ofHeap());
    }

    static RedisNode start(Path data, MemoryBudget memory) throws IOException {
        return start(config("node1", data), PATIENT, memory);
    }

    private static RedisNode start(NodeConfig config, RespTiming timing, MemoryBudget memory) throws IOException {
        return new RedisNode(config, timing, TestCommands.table(), memory, null);
    }

    static RedisConfig redis(@Nullable String password, int clientsMax) {
        RedisConfig usual = RedisConfig.on(RedisConfig.ANY);
        return new RedisConfig(
                RedisConfig.ANY, password, clientsMax, usual.idle(), usual.halfRequest(), usual.unreadReply());
    }

    /** The node itself. */
    public Node node() {
        return node;
    }

    /** A client behind a socket. */
    public RedisClient client() throws IOException {
        return RedisClient.to(server.port());
    }

    /** A client without a socket: its requests are run on its own thread. */
    public DirectClient direct() throws IOException {
        return new DirectClient(++directClients, server.shared(), commands);
    }

    /** The clients with sockets. */
    Clients clients() {
        return server.clients();
    }

    /** The number of commits. */
    long commits() {
        return meters.get("hence.commit").timer().count();
    }

    /** Advances the clock. */
    public void advance(long millis) {
        if (clock == null) {
            throw new IllegalStateException("clock: the machine's (expected: one that a test moves)");
        }
        clock.addAndGet(millis);
    }

    /** Writes as one update. */
    public <R> R write(Transaction.Body<R> body) {
        try {
            return node.write(body).result();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    /** Excludes the updates made so far from {@link #updates}. */
    public void forgetUpdates() {
        forgotten = node.clock().get(node.self());
    }

    /** The time by the test-controlled clock. */
    public long nowMillis() {
        return clock == null ? System.currentTimeMillis() : clock.get();
    }

    /** The updates that this node has made, in order. */
    public List<Update> updates() {
        return node.updates().of(node.self(), forgotten, node.clock().get(node.self()), Long.MAX_VALUE);
    }

    /** Exchanges updates: both nodes deliver what the other has. */
    public static void meet(RedisNode one, RedisNode other) {
        one.follow(other);
        other.follow(one);
    }

    /** Receives all updates that another node has made and this one lacks. */
    public void follow(RedisNode other) {
        List<Update> updates = lackedOf(other);
        if (!updates.isEmpty()) {
            receive(updates, other.node.self().name());
        }
    }

    /** Receives only the last update of another node. */
    public void followLast(RedisNode other) {
        receive(List.of(lackedOf(other).getLast()), other.node.self().name());
    }

    private void receive(List<Update> updates, String from) {
        try {
            node.receive(Frame.each(updates), from);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private List<Update> lackedOf(RedisNode other) {
        ReplicaId origin = other.node.self();
        long upTo = other.node.clock().get(origin);
        return other.node.updates().of(origin, node.clock().get(origin), upTo, Long.MAX_VALUE);
    }

    /** Receives an update of another node that sets a string. */
    void receive(String key, String value) {
        ReplicaId other = new ReplicaId("node2", 2);
        VersionVector context = node.clock();
        Dot dot = context.next(other);
        long timestamp = HybridLogicalClock.WALL_MILLIS_MIN << 16;
        receive(
                List.of(Update.of(
                        dot, context, timestamp, List.of(new Operation.SetString(Bytes.utf8(key), Bytes.utf8(value))))),
                "node2");
    }

    /** Simulates a heartbeat: another member has applied and stored this. */
    public void hears(String member, VersionVector stored) {
        others.hears(member, stored);
    }

    /** Puts the node into catch-up with this progress. */
    public void catchesUp(CatchUp.Progress progress) {
        others.catchingUp = progress;
    }

    @Override
    public void close() {
        node.announceClosing();
        others.close();
        server.close();
        node.close();
    }

    /** The other members as defined by the test. */
    private final class Others implements ClusterView {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final List<NodeStatus.Member> heard = new ArrayList<>();
        private volatile CatchUp.@Nullable Progress catchingUp;
        private boolean closed;

        private void hears(String member, VersionVector stored) {
            lock.lock();
            try {
                heard.removeIf(known -> known.name().equals(member));
                heard.add(new NodeStatus.Member(member, null, null, false, true, "connected", stored, stored, 0, 0L));
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<NodeStatus.Member> members() {
            VersionVector clock = node.clock();
            List<NodeStatus.Member> all = new ArrayList<>();
            all.add(new NodeStatus.Member(
                    node.self().name(), node.self(), null, true, true, "this node", clock, clock, 0, 0L));
            lock.lock();
            try {
                all.addAll(heard);
            } finally {
                lock.unlock();
            }
            return all;
        }

        @Override
        public Optional<CatchUp.Progress> catchingUp() {
            return Optional.ofNullable(catchingUp);
        }

        @Override
        public int awaitStored(Dot update, int members, Duration atMost) throws InterruptedException {
            lock.lock();
            try {
                long leftNanos = TimeUnit.NANOSECONDS.convert(atMost);
                while (stored(update) < members && leftNanos > 0 && !closed) {
                    leftNanos = changed.awaitNanos(leftNanos);
                }
                return stored(update);
            } finally {
                lock.unlock();
            }
        }

        private int stored(Dot update) {
            return (int) heard.stream()
                    .filter(member -> member.durable().contains(update))
                    .count();
        }
    }
}
