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

/** The commands about the node as a server. */
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
                        .summary("Returns information and statistics about the node: the sections server, clients,"
                                + " memory, persistence, stats, replication, cpu, errorstats, keyspace and"
                                + " causality, or the given ones; commandstats is included in everything and all."
                                + " Memory figures refer to the JVM heap, except used_memory_rss (the whole"
                                + " process) and total_system_memory (the machine or container). keyspace_hits and"
                                + " keyspace_misses count the keys looked up by read-only commands. The following"
                                + " are constant because they have no meaning here: evicted_keys (0: nothing is"
                                + " evicted), mem_fragmentation_ratio (1.00: the heap is compacted), and the"
                                + " snapshot fields except rdb_last_save_time, which equals LASTSAVE.")
                        .onSession(ServerCommands::info),
                command("TIME", "", 1)
                        .flags(Flag.FAST)
                        .summary("Returns the node's wall-clock time: a Unix timestamp in seconds, and the"
                                + " microseconds of the current second.")
                        .atOnce((session, arguments) -> time()));
    }

    private static List<Command> saving() {
        return List.of(
                command("SAVE", "", 1)
                        .flags(Flag.ADMIN, Flag.BLOCKING, Flag.NO_MULTI)
                        .summary("Blocks until everything written at this node survives a power loss. No snapshot is"
                                + " made. With fsync always, every acknowledged write already does.")
                        .onSession(ServerCommands::save),
                command("BGSAVE", "[SCHEDULE]", -1)
                        .flags(Flag.ADMIN)
                        .summary("Does nothing, because every commit is written to the log. Returns the reply that"
                                + " clients expect.")
                        .atOnce((session, arguments) -> backgroundSave(arguments)),
                command("BGREWRITEAOF", "", 1)
                        .flags(Flag.ADMIN)
                        .summary("Does nothing, because the storage compacts itself. Returns the reply that clients"
                                + " expect.")
                        .atOnce((session, arguments) ->
                                new Reply.Simple("Background append only file rewriting started")),
                command("LASTSAVE", "", 1)
                        .flags(Flag.FAST, Flag.ADMIN)
                        .summary("Returns the Unix timestamp at which everything written at this node was last known"
                                + " to survive a power loss. That is the current time, unless fsync is everysec or"
                                + " never and some write is not synced to disk yet; then it is the start time of"
                                + " the node.")
                        .onSession(ServerCommands::lastSave));
    }

    private static List<Command> roles() {
        return List.of(
                command("ROLE", "", 1)
                        .flags(Flag.FAST, Flag.ADMIN)
                        .summary("Returns master, because every node accepts writes; the number of updates delivered"
                                + " here; and no replicas, because all nodes are equal.")
                        .onSession((session, arguments) -> role(session)),
                command("REPLICAOF", "NO ONE", 3)
                        .flags(Flag.ADMIN)
                        .summary("Accepts only NO ONE, which has no effect. A node cannot become the replica of"
                                + " another.")
                        .atOnce(ServerCommands::replicaOf),
                command("SLAVEOF", "NO ONE", 3)
                        .flags(Flag.ADMIN)
                        .summary("Does the same as REPLICAOF, under its older name.")
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
                        .summary("Returns the user name of the connection, which is always default.")
                        .atOnce((session, arguments) -> Reply.of("default")),
                command("ACL USERS", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns all user names. The only user is default.")
                        .atOnce((session, arguments) -> new Reply.Array(List.of(Reply.of("default")))),
                command("ACL LIST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns the rules of the only user, default, which has all permissions. The"
                                + " password is not shown.")
                        .onSession((session, arguments) -> new Reply.Array(List.of(Reply.of(
                                "user default on " + (session.hasPassword() ? "" : "nopass ") + "~* &* +@all")))),
                command("ACL HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "ACL")),
                command("LATENCY LATEST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns an empty list: latency spikes are not recorded. The metrics over HTTP"
                                + " include commit times.")
                        .atOnce((session, arguments) -> Reply.EMPTY),
                command("LATENCY RESET", "[event ...]", -2)
                        .flags(Flag.ADMIN)
                        .summary("Returns 0: latency spikes are not recorded.")
                        .atOnce((session, arguments) -> Reply.ZERO),
                command("LATENCY HELP", "", 2)
                        .summary("Returns helpful text about the different subcommands.")
                        .atOnce((session, arguments) -> Help.of(session.commands(), "LATENCY")),
                command("MODULE LIST", "", 2)
                        .flags(Flag.ADMIN)
                        .summary("Returns an empty list: there are no modules.")
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
        boolean durable =
                session.waiting(() -> session.commons().node().awaitDurable(written, SAVE_WAIT_MAX), () -> false);
        if (!durable) {
            throw new RedisError("ERR SAVE: not yet on disk after " + SAVE_WAIT_MAX.toSeconds() + " s");
        }
        return Reply.OK;
    }

    private static Reply lastSave(Session session, Arguments arguments) {
        return Reply.of(lastSaveSeconds(session.store().status()));
    }

    /** The last time at which all writes of this node were known to survive a power loss, in seconds since 1970. */
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
