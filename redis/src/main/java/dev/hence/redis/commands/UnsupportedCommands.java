package dev.hence.redis.commands;

import dev.hence.redis.connection.RedisError;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis commands that are not supported, and why. Each replies with an error that says so. {@code COMMAND} does not
 * list them, so a client that probes for a command finds it absent.
 */
public final class UnsupportedCommands {

    /**
     * Commands that are missing for one reason.
     *
     * @param what a name for the group
     * @param error the error that each of them returns, after its prefix if it has none of its own
     * @param reason the explanation in the reference
     */
    public record Missing(String what, List<String> names, String error, String reason) {}

    /** All groups of missing commands. */
    public static final List<Missing> ALL = List.of(
            new Missing(
                    "Scripts and functions",
                    List.of("EVAL", "EVAL_RO", "EVALSHA", "EVALSHA_RO", "SCRIPT", "FCALL", "FCALL_RO", "FUNCTION"),
                    "scripts are not supported; use MULTI with WATCH, or CAUSAL ONCE",
                    "A script depends on what it reads, and would read different data at another node. Nodes exchange"
                            + " the results of commands, never code. MULTI with WATCH covers most uses of scripts"
                            + " at one node"),
            new Missing(
                    "Streams",
                    List.of(
                            "XADD",
                            "XACK",
                            "XACKDEL",
                            "XAUTOCLAIM",
                            "XCLAIM",
                            "XDEL",
                            "XDELEX",
                            "XGROUP",
                            "XINFO",
                            "XLEN",
                            "XPENDING",
                            "XRANGE",
                            "XREAD",
                            "XREADGROUP",
                            "XREVRANGE",
                            "XSETID",
                            "XTRIM"),
                    "streams are not supported: a total order of entries requires nodes to agree before they write",
                    "A stream is a total order of its entries, and its consumer groups deliver each entry once. Both"
                            + " require nodes to agree before they write, and a node never waits for another. The"
                            + " change feed over HTTP and PUBLISH provide what is possible without agreement"),
            new Missing(
                    "Redis Cluster",
                    List.of("CLUSTER", "READONLY", "READWRITE", "ASKING"),
                    "ERR This instance has cluster support disabled",
                    "Every node has all keys and accepts every write, so there are no hash slots. Configure clients"
                            + " as for a single server"),
            new Missing(
                    "Redis's own replication protocol",
                    List.of("SYNC", "PSYNC", "REPLCONF", "FAILOVER"),
                    "nodes replicate over HTTP; there is no primary and nothing to fail over",
                    "Nodes exchange updates with the dots and contexts that causal delivery needs. Redis's command"
                            + " stream has no place for them"),
            new Missing(
                    "Multiple databases",
                    List.of("MOVE", "SWAPDB"),
                    "there is one database",
                    "There is one database, number 0"),
            new Missing(
                    "Dumps",
                    List.of("DUMP", "RESTORE", "RESTORE-ASKING", "MIGRATE"),
                    "keys cannot be dumped or restored: a value consists of updates of all nodes",
                    "The content of a key consists of named updates of all nodes, siblings included. Serialized"
                            + " without these it could not be merged. COPY and the export over HTTP copy the"
                            + " visible value"),
            new Missing(
                    "Bits",
                    List.of("SETBIT", "GETBIT", "BITCOUNT", "BITPOS", "BITOP", "BITFIELD", "BITFIELD_RO"),
                    "bit operations are not supported: a string is a single value, so one of two concurrent changes"
                            + " would be lost",
                    "A string is a single value: of two bits set concurrently at two nodes, one would be lost. A set"
                            + " of numbers keeps both"),
            new Missing(
                    "HyperLogLog",
                    List.of("PFADD", "PFCOUNT", "PFMERGE", "PFDEBUG", "PFSELFTEST"),
                    "HyperLogLog is not supported; SADD and SCARD count exactly",
                    "It needs its own datatype whose concurrent additions merge. SADD and SCARD count exactly"),
            new Missing(
                    "Geospatial indexes",
                    List.of(
                            "GEOADD",
                            "GEODIST",
                            "GEOHASH",
                            "GEOPOS",
                            "GEORADIUS",
                            "GEORADIUS_RO",
                            "GEORADIUSBYMEMBER",
                            "GEORADIUSBYMEMBER_RO",
                            "GEOSEARCH",
                            "GEOSEARCHSTORE"),
                    "geographic commands are not supported",
                    "They are arithmetic on the scores of sorted sets, and have not been requested yet"),
            new Missing(
                    "Sorting",
                    List.of("SORT", "SORT_RO"),
                    "SORT is not supported; use a sorted set, or sort at the client",
                    "It reads keys that its arguments do not name, one per element. A sorted set is already sorted"),
            new Missing(
                    "Expiration of hash fields",
                    List.of(
                            "HEXPIRE",
                            "HPEXPIRE",
                            "HEXPIREAT",
                            "HPEXPIREAT",
                            "HEXPIRETIME",
                            "HPEXPIRETIME",
                            "HTTL",
                            "HPTTL",
                            "HPERSIST",
                            "HGETEX",
                            "HSETEX"),
                    "fields have no deadlines of their own; EXPIRE the key",
                    "A deadline belongs to a key"),
            new Missing(
                    "Sharded channels",
                    List.of("SPUBLISH", "SSUBSCRIBE", "SUNSUBSCRIBE", "PUBSUB SHARDCHANNELS", "PUBSUB SHARDNUMSUB"),
                    "sharded channels are not supported: there are no hash slots; use PUBLISH and SUBSCRIBE",
                    "There are no hash slots. PUBLISH and SUBSCRIBE do the same here"),
            new Missing(
                    "Monitoring other clients' commands",
                    List.of("MONITOR"),
                    "not supported; see SLOWLOG, INFO commandstats, and /metrics over HTTP",
                    "SLOWLOG, INFO commandstats and the metrics over HTTP show the activity of a node without slowing"
                            + " it down"),
            new Missing(
                    "Stopping the node",
                    List.of("SHUTDOWN"),
                    "a client cannot stop the node; send the process SIGTERM, which stops it in order",
                    "A node is controlled by the owner of its process, and shuts down in order on SIGTERM"),
            new Missing(
                    "Modules",
                    List.of("MODULE LOAD", "MODULE LOADEX", "MODULE UNLOAD"),
                    "modules cannot be loaded",
                    "The node is a Java program and cannot run code written for another server"));

    private UnsupportedCommands() {}

    static List<Command> all() {
        List<Command> all = new ArrayList<>();
        for (Missing missing : ALL) {
            String text = missing.error().startsWith("ERR ") ? missing.error() : ": " + missing.error();
            for (String name : missing.names()) {
                all.add(Command.of(Group.UNSUPPORTED, name, "")
                        .arity(name.indexOf(' ') < 0 ? -1 : -2)
                        .flags(Flag.NO_MULTI, Flag.REFUSED)
                        .summary("Not supported: " + missing.reason() + ".")
                        .atOnce((session, arguments) -> {
                            throw new RedisError(text.startsWith("ERR") ? text : "ERR " + name + text);
                        }));
            }
        }
        return all;
    }
}
