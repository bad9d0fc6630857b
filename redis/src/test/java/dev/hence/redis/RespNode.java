package dev.hence.redis;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.node.Node;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.redis.commands.AllCommands;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import dev.hence.redis.testing.RedisNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real node behind its Redis port, and commands that need no datatype: PUT, FETCH and WALK a string, TAKE one when
 * it comes, ADD to a number, WHERE, which tells the thread it runs on, and HALF, which breaks the rule that commands look before they write.
 */
final class RespNode implements AutoCloseable {

    static final RespTiming PATIENT = new RespTiming(
            Duration.ZERO,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            Duration.ofSeconds(20));

    final Node node;
    final RespServer server;
    final MemoryBudget memory;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private RespNode(Path data, RedisConfig redis, RespTiming timing, Limits limits, MemoryBudget memory)
            throws IOException {
        this.memory = memory;
        NodeConfig config = RedisNode.config("node1", data).with(limits).with(redis);
        node = Node.open(config, meters);
        server = new RespServer(
                config,
                node,
                new CommandTable(Stream.concat(AllCommands.table().all().stream(), own().stream())
                        .toList()),
                memory,
                timing);
        server.start();
    }

    public static RespNode start(Path data) throws IOException {
        return start(data, RedisConfig.on(RedisConfig.ANY), PATIENT);
    }

    public static RespNode start(Path data, RedisConfig redis, RespTiming timing) throws IOException {
        return new RespNode(data, redis, timing, Limits.DEFAULT, MemoryBudget.ofHeap());
    }

    public static RespNode start(Path data, Limits limits) throws IOException {
        return new RespNode(data, RedisConfig.on(RedisConfig.ANY), PATIENT, limits, MemoryBudget.ofHeap());
    }

    public static RespNode start(Path data, MemoryBudget memory) throws IOException {
        return new RespNode(data, RedisConfig.on(RedisConfig.ANY), PATIENT, Limits.DEFAULT, memory);
    }

    public static RedisConfig redis(@Nullable String password, int clientsMax) {
        RedisConfig usual = RedisConfig.on(RedisConfig.ANY);
        return new RedisConfig(
                RedisConfig.ANY, password, clientsMax, usual.idle(), usual.halfRequest(), usual.unreadReply());
    }

    public RespClient client() throws IOException {
        return new RespClient(server.port());
    }

    /** How many commits there were. */
    public long commits() {
        return meters.get("hence.commit").timer().count();
    }

    /** A string that another node sets. */
    public void receive(String key, String value) throws InterruptedException {
        ReplicaId other = new ReplicaId("node2", 2);
        VersionVector context = node.clock();
        Dot dot = context.next(other);
        long timestamp = HybridLogicalClock.WALL_MILLIS_MIN << 16;
        node.receive(
                List.of(Update.of(
                        dot, context, timestamp, List.of(new Operation.SetString(Bytes.utf8(key), Bytes.utf8(value))))),
                "node2");
    }

    private static Command.Builder command(String name, int arity) {
        return Command.of(Group.STRING, name, "")
                .arity(arity)
                .keys(KeyPositions.FIRST)
                .summary("For tests.")
                .concurrently("For tests.");
    }

    private static List<Command> own() {
        return List.of(
                command("PUT", 3).writes((transaction, arguments) -> {
                    transaction.set(arguments.get(1), arguments.get(2));
                    return Reply.OK;
                }),
                command("FETCH", 2).reads(RespNode::fetch),
                command("WHERE", -2)
                        .reads((view, arguments) ->
                                Reply.of(Thread.currentThread().getName())),
                command("WALK", 2).flags(Flag.WALKS).reads(RespNode::fetch),
                command("ADD", 3).writes((transaction, arguments) -> {
                    Bytes before =
                            transaction.visible(arguments.get(1)).string().value();
                    long sum = (before == null ? 0 : Long.parseLong(before.toString())) + arguments.integer(2);
                    transaction.set(arguments.get(1), Bytes.utf8(Long.toString(sum)));
                    return Reply.of(sum);
                }),
                command("HALF", 2).writes((transaction, arguments) -> {
                    transaction.set(arguments.get(1), arguments.get(0));
                    throw new RedisError("ERR too late");
                }),
                command("SPOIL", 1).onSession((session, arguments) -> {
                    session.onEnd(() -> {
                        throw new IllegalStateException("planted");
                    });
                    return Reply.OK;
                }),
                command("NOTQUEUED", 1).flags(Flag.NO_MULTI).atOnce((session, arguments) -> Reply.OK),
                command("TELL", 2).onSession((session, arguments) -> {
                    // Twice from another thread while this command runs.
                    Reply.Push message = new Reply.Push(List.of(Reply.of("message"), Reply.of(arguments.get(1))));
                    Thread.ofVirtual().start(() -> session.push(message)).join();
                    session.client().subscribed(1, 0);
                    return Reply.of("told");
                }),
                command("TAKE", -3).keys(new KeyPositions.Range(1, -2, 1)).blocks(RespNode::take));
    }

    private static Reply fetch(View view, Arguments arguments) {
        return Reply.of(view.visible(arguments.get(1)).string().value());
    }

    private static Action.Attempt take(Arguments arguments) {
        List<Bytes> keys = arguments.between(1, arguments.count() - 1);
        long timeoutMillis = arguments.integer(arguments.count() - 1);
        return new Action.Attempt(
                keys, DataType.STRING, timeoutMillis, transaction -> take(transaction, keys), Reply.NULL_ARRAY);
    }

    private static @Nullable Reply take(Transaction transaction, List<Bytes> keys) {
        for (Bytes key : keys) {
            Bytes value = transaction.visible(key).string().value();
            if (value != null) {
                transaction.delete(key);
                return Reply.ofAll(List.of(key, value));
            }
        }
        return null;
    }

    @Override
    public void close() {
        node.announceClosing();
        server.close();
        node.close();
    }
}
