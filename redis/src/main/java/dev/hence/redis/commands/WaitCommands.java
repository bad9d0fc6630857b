package dev.hence.redis.commands;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.Node;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import java.time.Duration;
import java.util.List;

/**
 * WAIT and WAITAOF: how many nodes have stored a write durably. Nodes report what they have stored in heartbeats, so an
 * answer about other nodes comes with the next heartbeat.
 */
final class WaitCommands {

    /** A timeout of 0 means no limit. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final long TIMEOUT_MILLIS_MAX = FOR_EVER.toMillis();

    private WaitCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(Group.GENERIC, "WAIT", "numreplicas timeout-millis")
                        .arity(3)
                        .flags(Flag.BLOCKING, Flag.NO_MULTI)
                        .summary("Blocks until at least numreplicas other nodes have delivered and durably stored"
                                + " this connection's last write, or the timeout expires (0: never). Returns the"
                                + " number of such nodes. Everything that was delivered before the write is stored"
                                + " there too.")
                        .onSession(WaitCommands::others),
                Command.of(Group.GENERIC, "WAITAOF", "numlocal numreplicas timeout-millis")
                        .arity(4)
                        .flags(Flag.BLOCKING, Flag.NO_MULTI)
                        .summary("As WAIT, with this node counted separately: with numlocal 1, also blocks until the"
                                + " write survives a power loss at this node. That is immediately with fsync"
                                + " always, and never with fsync never. Returns both counts.")
                        .onSession(WaitCommands::thisAndOthers));
    }

    private static Reply others(Session session, Arguments arguments) throws InterruptedException {
        int wanted = count(arguments, 1, Integer.MAX_VALUE);
        Duration timeout = timeout(arguments, 2);
        return Reply.of(stored(session, wanted, timeout));
    }

    private static Reply thisAndOthers(Session session, Arguments arguments) throws InterruptedException {
        int local = count(arguments, 1, 1);
        int wanted = count(arguments, 2, Integer.MAX_VALUE);
        Duration timeout = timeout(arguments, 3);
        if (local > 0 && session.commons().config().fsync() == FsyncPolicy.NEVER) {
            throw new RedisError("ERR WAITAOF cannot be used when numlocal is set but fsync is never");
        }
        long startNanos = System.nanoTime();
        int durable = durable(session, local, timeout);
        Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
        int others = stored(session, wanted, left.isNegative() ? Duration.ZERO : left);
        return new Reply.Array(List.of(Reply.of(durable), Reply.of(others)));
    }

    /** A connection that has written nothing does not block: every member counts as having stored it. */
    private static int stored(Session session, int wanted, Duration atMost) throws InterruptedException {
        Dot written = session.lastWrite();
        if (written == null) {
            return (int) session.store().members().stream()
                    .filter(member -> !member.self())
                    .count();
        }
        Node node = session.commons().node();
        int stored = node.cluster().awaitStored(written, 0, Duration.ZERO);
        return stored >= wanted
                ? stored
                : session.waiting(() -> node.cluster().awaitStored(written, wanted, atMost), () -> now(node, written));
    }

    private static int now(Node node, Dot written) {
        try {
            return node.cluster().awaitStored(written, 0, Duration.ZERO);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static int durable(Session session, int wanted, Duration atMost) throws InterruptedException {
        Dot written = session.lastWrite();
        if (written == null || session.store().durableClock().contains(written)) {
            return 1;
        }
        boolean durable = wanted > 0
                && session.waiting(
                        () -> session.commons().node().awaitDurable(VersionVector.EMPTY.with(written), atMost),
                        () -> false);
        return durable ? 1 : 0;
    }

    private static int count(Arguments arguments, int at, int max) {
        return (int) arguments.integer(at, 0, max, "value is out of range, must be between 0 and " + max);
    }

    private static Duration timeout(Arguments arguments, int at) {
        long millis = arguments.integer(at);
        if (millis < 0) {
            throw new RedisError("ERR timeout is negative");
        }
        return millis == 0 || millis > TIMEOUT_MILLIS_MAX ? FOR_EVER : Duration.ofMillis(millis);
    }
}
