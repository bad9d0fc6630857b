package dev.hence.redis.commands;

import dev.hence.core.clock.VersionVector;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.store.NodeStatus;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The node itself, as far as clients of Redis look at a server. */
final class ServerCommands {

    private static final Duration SAVE_WAIT_MAX = Duration.ofSeconds(60);

    private ServerCommands() {}

    static List<Command> all() {
        return Stream.of(general(), saving(), roles(), minimal())
                .flatMap(List::stream)
                .toList();
    }

    private static Command.Builder command(String name, String syntax, int arity) {
        return Command.of(Group.SERVER, name, syntax).arity(arity);
    }

    private static List<Command> general() {
        return List.of(
                command("INFO", "[section ...]", -1)
                        .summary("Returns facts and figures of the node: server, clients, memory, persistence, stats,"
                                + " replication, cpu, errorstats, keyspace and causality, or the sections asked for;"
                                + " commandstats with everything or all. Memory is that of the JVM's heap, but for"
                                + " used_memory_rss, the whole process, and total_system_memory, the machine or"
                                + " container. keyspace_hits and keyspace_misses count the keys that commands looked up"
                                + " which only read. Constant, because they have no meaning here, are evicted_keys (0:"
                                + " nothing is evicted), mem_fragmentation_ratio (1.00: the heap is compacted) and what"
                                + " is told of snapshots but rdb_last_save_time, which is LASTSAVE.")
                        .onSession(ServerCommands::info),
                command("TIME", "", 1)
                        .flags(Flag.FAST)
                        .summary("Returns the node's wall clock: seconds since 1970, and microseconds of this second.")
                        .atOnce((session, arguments) -> time()));
    }

    private static List<Command> saving() {
        return List.of(
                command("SAVE", "", 1)
                        .flags(Flag.ADMIN, Flag.BLOCKING, Flag.NO_MULTI)
                        .summary("Waits until all that is written here would survive a power loss. There is no snapshot"
                                + " to make: with fsync always it is true of every write that was answered.")
                        .onSession(ServerCommands::save),
                command("BGSAVE", "[SCHEDULE]", -1)
                        .flags(Flag.ADMIN)
                        .summary(
                                "Does nothing, as the log is written with every commit, and answers as clients expect.")
                        .atOnce((session, arguments) -> backgroundSave(arguments)),
                command("BGREWRITEAOF", "", 1)
                        .flags(Flag.ADMIN)
                        .summary("Does nothing, as the storage compacts itself, and answers as clients expect.")
                        .atOnce((session, arguments) ->
                                new Reply.Simple("Background append only file rewriting started")),
                command("LASTSAVE", "", 1)
                        .flags(Flag.FAST, Flag.ADMIN)
                        .summary("Returns when all that is written here was last known to survive a power loss, in"
                                + " seconds since 1970: now, unless fsync is everysec or never and something is not yet"
                                + " forced to the disk; then when the node started.")
                        .onSession(ServerCommands::lastSave));
    }

    private static List<Command> roles() {
        return List.of(
                command("ROLE", "", 1)
                        .flags(Flag.FAST, Flag.ADMIN)
                        .summary("Returns master, as every node takes writes; the number of updates delivered here; and"
                                + " no replicas, because the other nodes are equals.")
                        .onSession((session, arguments) -> role(session)),
                command("REPLICAOF", "NO ONE", 3)
                        .flags(Flag.ADMIN)
                        .summary("Accepts NO ONE, which is how it is; refuses any other node, as a node takes no orders"
                                + " from one.")
                        .atOnce(ServerCommands::replicaOf),
                command("SLAVEOF", "NO ONE", 3)
                        .flags(Flag.ADMIN)
                        .summary("The old name of REPLICAOF.")
                        .atOnce(ServerCommands::replicaOf));
    }

    private static Reply role(Session session) {
        VersionVector clock = session.store().clock();
        session.saw(clock);
        return new Reply.Array(List.of(Reply.of("master"), Reply.of(InfoText.deliveries(clock)), Reply.EMPTY));
    }

    private static List<Command> minimal() {
        return List.of(
                command("ACL WHOAMI", "", 2)
                        .summary("Returns default, the only user.")
                        .atOnce((session, arguments) -> Reply.of("default")),
                command("ACL USERS", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns the only user, default.")
                        .atOnce((session, arguments) -> new Reply.Array(List.of(Reply.of("default")))),
                command("ACL LIST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns the only user, who may do everything; without the password.")
                        .onSession((session, arguments) -> new Reply.Array(List.of(Reply.of(
                                "user default on " + (session.hasPassword() ? "" : "nopass ") + "~* &* +@all")))),
                command("ACL HELP", "", 2).summary("The subcommands.").atOnce((session, arguments) -> Help.of("ACL")),
                command("LATENCY LATEST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns nothing: no spikes are recorded. The metrics over HTTP have the times of"
                                + " commits.")
                        .atOnce((session, arguments) -> Reply.EMPTY),
                command("LATENCY RESET", "[event ...]", -2)
                        .flags(Flag.ADMIN)
                        .summary("Returns 0, as no spikes are recorded.")
                        .atOnce((session, arguments) -> Reply.ZERO),
                command("LATENCY HELP", "", 2)
                        .summary("The subcommands.")
                        .atOnce((session, arguments) -> Help.of("LATENCY")),
                command("MODULE LIST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns nothing: there are no modules.")
                        .atOnce((session, arguments) -> Reply.EMPTY));
    }

    private static Reply info(Session session, Arguments arguments) {
        List<String> sections = new ArrayList<>();
        for (int at = 1; at < arguments.count(); at++) {
            sections.add(arguments.text(at).toLowerCase(Locale.ROOT));
        }
        return new Reply.Verbatim(new InfoText(session).of(sections));
    }

    private static Reply time() {
        Instant now = Instant.now();
        return new Reply.Array(List.of(
                Reply.of(Long.toString(now.getEpochSecond())), Reply.of(Integer.toString(now.getNano() / 1_000))));
    }

    private static Reply backgroundSave(Arguments arguments) {
        if (arguments.count() > 2 || (arguments.count() == 2 && !arguments.is(1, "SCHEDULE"))) {
            throw RedisError.syntax();
        }
        return new Reply.Simple("Background saving started");
    }

    private static Reply save(Session session, Arguments arguments) throws InterruptedException {
        VersionVector written = session.store().clock();
        if (session.store().durableClock().descends(written)) {
            return Reply.OK;
        }
        if (session.commons().config().fsync() == FsyncPolicy.NEVER) {
            throw new RedisError("ERR SAVE: fsync is never (expected: always or everysec)");
        }
        boolean durable = session.waiting(() -> session.commons().awaitDurable(written, SAVE_WAIT_MAX), () -> false);
        if (!durable) {
            throw new RedisError("ERR SAVE: not yet on disk after " + SAVE_WAIT_MAX.toSeconds() + " s");
        }
        return Reply.OK;
    }

    private static Reply lastSave(Session session, Arguments arguments) {
        return Reply.of(lastSaveSeconds(session.store().status()));
    }

    /** When all that is written here was last known to survive a power loss, in seconds since 1970. */
    static long lastSaveSeconds(NodeStatus status) {
        boolean saved = status.durable().descends(status.clock());
        return (saved ? System.currentTimeMillis() : status.startedMillis()) / 1_000;
    }

    private static Reply replicaOf(Session session, Arguments arguments) {
        if (arguments.is(1, "NO") && arguments.is(2, "ONE")) {
            return Reply.OK;
        }
        throw new RedisError("ERR REPLICAOF: every node takes writes and follows all others (expected: NO ONE; the"
                + " other nodes are configured with --peers)");
    }
}
