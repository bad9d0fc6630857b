package dev.hence.redis.testing;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.redis.RespServer;
import dev.hence.redis.commands.AllCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A real node behind its Redis port. What it hears of other members is what a test says, and updates come from another
 * such node when a test takes them there.
 */
public final class RedisNode implements AutoCloseable {

    private final Node node;
    private final RespServer server;
    private final Others others = new Others();

    private RedisNode(NodeConfig config) throws IOException {
        node = Node.open(config, new SimpleMeterRegistry());
        node.showing(others);
        server = new RespServer(config, node, AllCommands.table(), MemoryBudget.ofHeap());
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

    /** The same with another policy. */
    public static RedisNode start(String name, Path data, FsyncPolicy fsync) throws IOException {
        return new RedisNode(config(name, data).with(fsync));
    }

    /** The node itself. */
    public Node node() {
        return node;
    }

    /** A client of it. */
    public RedisClient client() throws IOException {
        return new RedisClient(server.port());
    }

    /** Takes in all that another node has made and this one lacks. */
    public void follow(RedisNode other) throws InterruptedException {
        ReplicaId origin = other.node.self();
        long upTo = other.node.clock().get(origin);
        node.receive(updates(other, origin, upTo), origin.name());
    }

    /** Takes in the last update of another node alone. */
    public void followLast(RedisNode other) throws InterruptedException {
        ReplicaId origin = other.node.self();
        long upTo = other.node.clock().get(origin);
        node.receive(List.of(updates(other, origin, upTo).getLast()), origin.name());
    }

    private List<Update> updates(RedisNode other, ReplicaId origin, long upTo) {
        return other.node.updatesOf(origin, node.clock().get(origin), upTo, Long.MAX_VALUE);
    }

    /** Has the node hear that another member has applied and stored something. */
    public void hears(String member, VersionVector stored) {
        others.hears(member, stored);
    }

    /** Has the node be catching up, so far. */
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

    /** The other members as a test tells of them. */
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
        public List<String> rescueAwaits() {
            return List.of();
        }

        @Override
        public List<NodeStatus.Held> held() {
            return List.of();
        }

        @Override
        public List<HealthIssue> health() {
            return List.of();
        }

        @Override
        public VersionVector stable() {
            return VersionVector.EMPTY;
        }

        @Override
        public List<NodeStatus.Follow> follows() {
            return List.of();
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
