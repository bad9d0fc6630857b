package dev.hence.redis.commands;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.MvRegister;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.keyspace.View;
import dev.hence.node.session.MalformedTokenException;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.ReplicaNames;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.KeyPositions;
import dev.hence.redis.execution.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * CAUSAL: the causal state that a client reads and sets. A connection is a session and uses the same tokens as HTTP.
 */
final class CausalCommands {

    static final long WAIT_MILLIS_DEFAULT = 1_000;
    static final long WAIT_MILLIS_MAX = 60_000;

    private static final int MISSING_SHOWN_MAX = 16;

    private CausalCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.CAUSAL, "CAUSAL TOKEN", "")
                        .arity(2)
                        .flags(Flag.FAST)
                        .summary("Returns the session token, which covers everything that this connection has read"
                                + " and written. Every node of the cluster accepts it, over the Redis protocol and"
                                + " HTTP.")
                        .onSession((session, arguments) ->
                                Reply.of(session.tokens().encode(session.clock()))),
                Command.of(Group.CAUSAL, "CAUSAL WAIT", "token [timeout-millis]")
                        .arity(-3)
                        .flags(Flag.BLOCKING, Flag.NO_MULTI)
                        .summary("Blocks until this node has applied every update that the token covers; the session"
                                + " then covers them too. If that takes longer than the timeout (default"
                                + " 1000, at most 60000, 0 checks once), returns an error that begins with"
                                + " BEHIND and names the missing updates.")
                        .onSession(CausalCommands::await),
                Command.of(Group.CAUSAL, "CAUSAL CLOCK", "")
                        .arity(2)
                        .flags(Flag.FAST)
                        .summary("Returns this node's clock: for each node, the number of its updates that are"
                                + " visible here.")
                        .onSession(CausalCommands::clock),
                Command.of(Group.CAUSAL, "CAUSAL SIBLINGS", "key [field]")
                        .arity(-3)
                        .keys(new KeyPositions.Range(2, 2, 1))
                        .flags(Flag.FAST)
                        .summary("Returns all concurrently written values that have not been overwritten yet, of a"
                                + " string, a hash field, a member's score or a set member. The visible"
                                + " value comes first. Each is returned with the node that wrote it, its"
                                + " update and its wall-clock time.")
                        .reads(CausalCommands::siblings),
                Command.of(Group.CAUSAL, "CAUSAL STATUS", "")
                        .arity(2)
                        .summary("Returns the clocks of the node and of this session, the buffered updates with the"
                                + " updates they wait for, and how far behind each other member is.")
                        .onSession(CausalCommands::status),
                OnceCommand.command(),
                Command.of(Group.CAUSAL, "CAUSAL HELP", "")
                        .arity(2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "CAUSAL")));
    }

    private static Reply await(Session session, Arguments arguments) throws InterruptedException {
        if (arguments.count() > 4) {
            throw RedisError.syntax();
        }
        long millis = arguments.count() < 4
                ? WAIT_MILLIS_DEFAULT
                : arguments.integer(3, 0, WAIT_MILLIS_MAX, "timeout: out of range (expected: 0 to 60000)");
        VersionVector wanted = decode(session, arguments.text(2));
        if (!session.store().clock().descends(wanted)) {
            boolean there =
                    session.waiting(() -> session.store().awaitClock(wanted, Duration.ofMillis(millis)), () -> false);
            List<Dot> missing = session.store().clock().missing(wanted);
            if (!there && !missing.isEmpty()) {
                throw behind(missing, millis);
            }
        }
        session.saw(wanted);
        return Reply.OK;
    }

    private static VersionVector decode(Session session, String token) {
        try {
            return session.tokens().decodeAll(token);
        } catch (MalformedTokenException malformed) {
            throw new RedisError("ERR " + malformed.getMessage());
        }
    }

    private static RedisError behind(List<Dot> missing, long millis) {
        String some =
                missing.stream().limit(MISSING_SHOWN_MAX).map(Dot::toString).collect(Collectors.joining(", "));
        int more = missing.size() - MISSING_SHOWN_MAX;
        return new RedisError("BEHIND session: " + missing.size() + " of its entries are missing after " + millis
                + " ms (missing: the updates up to " + some + (more > 0 ? ", and " + more + " more" : "") + ")");
    }

    private static Reply clock(Session session, Arguments arguments) {
        VersionVector clock = session.store().clock();
        session.saw(clock);
        return clock(clock, names(session));
    }

    static List<String> names(Session session) {
        return session.store().members().stream().map(NodeStatus.Member::name).toList();
    }

    private static Reply clock(VersionVector clock, List<String> members) {
        List<Reply> both = new ArrayList<>();
        ReplicaNames.byName(clock, members).forEach((name, counter) -> {
            both.add(Reply.of(name));
            both.add(Reply.of(counter));
        });
        return new Reply.MapOf(both);
    }

    private static Reply siblings(View view, Arguments arguments) {
        if (arguments.count() > 4) {
            throw RedisError.syntax();
        }
        Bytes key = arguments.get(2);
        KeyHead shown = view.visible(key);
        DataType type = shown.type();
        if (type == null) {
            return Reply.EMPTY;
        }
        boolean ofKey = arguments.count() == 3;
        if (ofKey != (type == DataType.STRING) || type == DataType.LIST) {
            throw new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
        }
        Cell cell = ofKey ? shown.string() : view.element(key, type, arguments.get(3));
        List<Reply> found = new ArrayList<>();
        for (MvRegister.Entry entry : cell.candidates()) {
            found.add(map(
                    "value",
                    Reply.of(entry.value()),
                    "node_id",
                    Reply.of(entry.dot().replica().name()),
                    "dot",
                    Reply.of(entry.dot().toString()),
                    "timestamp_millis",
                    Reply.of(HybridLogicalClock.wallMillis(entry.timestamp())),
                    "winner",
                    new Reply.Bool(found.isEmpty())));
        }
        return new Reply.Array(found);
    }

    private static Reply status(Session session, Arguments arguments) {
        NodeStatus status = session.store().status();
        List<String> names =
                status.members().stream().map(NodeStatus.Member::name).toList();
        VersionVector clock = status.clock();
        session.saw(clock);
        return map(
                "node_id",
                Reply.of(status.self().name()),
                "replica",
                Reply.of(status.self().toString()),
                "clock",
                clock(clock, names),
                "durable_clock",
                clock(status.durable(), names),
                "stable_clock",
                clock(status.stable(), names),
                "session_clock",
                clock(session.clock(), names),
                "buffered_count",
                Reply.of(status.bufferedCount()),
                "buffered",
                new Reply.Array(
                        status.buffered().stream().map(CausalCommands::buffered).toList()),
                "members",
                new Reply.Array(status.members().stream()
                        .filter(member -> !member.self())
                        .map(member -> member(member, clock))
                        .toList()));
    }

    private static Reply buffered(BufferedUpdate waiting) {
        return map(
                "dot",
                Reply.of(waiting.update().dot().toString()),
                "waiting_for",
                Reply.of(waiting.waitingFor().toString()),
                "since_millis",
                Reply.of(waiting.sinceMillis()),
                "operations",
                Reply.of(waiting.update().operations().size()));
    }

    private static Reply member(NodeStatus.Member member, VersionVector clock) {
        Long heard = member.heardMillisAgo();
        return map(
                "node_id",
                Reply.of(member.name()),
                "connected",
                new Reply.Bool(member.connected()),
                "state",
                Reply.of(member.state()),
                "updates_missing_here",
                Reply.of(member.updatesBehind()),
                "updates_missing_there",
                Reply.of(member.applied().missingCount(clock)),
                "heard_millis_ago",
                heard == null ? Reply.NULL : Reply.of(heard));
    }

    /** A map from alternating names and values. */
    private static Reply map(Object... namesAndValues) {
        List<Reply> both = new ArrayList<>(namesAndValues.length);
        for (Object each : namesAndValues) {
            both.add(each instanceof Reply reply ? reply : Reply.of((String) each));
        }
        return new Reply.MapOf(both);
    }
}
