package dev.hence.redis.commands;

import dev.hence.redis.connection.RedisError;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Flag;
import dev.hence.redis.execution.Group;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands of Redis that are not there, and why: each answers with an error that says so. {@code COMMAND} does not tell
 * of them, so that a client which tests for a command takes it as absent.
 */
public final class UnsupportedCommands {

    /**
     * Commands that are missing for one reason.
     *
     * @param what they are together
     * @param error what each of them answers, after its prefix if it has none of its own
     * @param reason for people who read the reference
     */
    public record Missing(String what, List<String> names, String error, String reason) {}

    /** Every reason there is. */
    public static final List<Missing> ALL = List.of(
            new Missing(
                    "Scripts and functions",
                    List.of("EVAL", "EVAL_RO", "EVALSHA", "EVALSHA_RO", "SCRIPT", "FCALL", "FCALL_RO", "FUNCTION"),
                    "scripts are not supported; use MULTI with WATCH, or CAUSAL ONCE",
                    "A script decides on what it reads, and would read something else at another node. What travels"
                            + " between nodes is the outcome of commands, never code. MULTI with WATCH does at one node"
                            + " what most scripts are for"),
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
                    "streams are not supported: one order of all entries needs nodes to agree before they write",
                    "A stream is one order of all its entries, and its consumer groups hand each entry out once. Both"
                            + " need the nodes to agree before they write, and a node here never waits for another."
                            + " The feed of changes over HTTP and PUBLISH give what can be had without"),
            new Missing(
                    "Clusters of hash slots",
                    List.of("CLUSTER", "READONLY", "READWRITE", "ASKING"),
                    "ERR This instance has cluster support disabled",
                    "Every node has all keys and takes every write, so there are no slots to send clients to. Clients"
                            + " are configured as for a single server"),
            new Missing(
                    "Replication by Redis's own protocol",
                    List.of("SYNC", "PSYNC", "REPLCONF", "FAILOVER"),
                    "nodes replicate over HTTP; there is no primary and nothing to fail over",
                    "Nodes exchange updates with the dots and contexts that causal delivery needs; Redis's stream of"
                            + " commands has no room for them"),
            new Missing(
                    "Several databases",
                    List.of("MOVE", "SWAPDB"),
                    "there is one database",
                    "There is one database, number 0"),
            new Missing(
                    "Dumps",
                    List.of("DUMP", "RESTORE", "RESTORE-ASKING", "MIGRATE"),
                    "a key cannot leave or enter as bytes: its value is made of updates of all nodes",
                    "What a key holds is made of named updates of all nodes, siblings included. As bytes without these"
                            + " it could not be merged. COPY and the export over HTTP copy what shows"),
            new Missing(
                    "Bits",
                    List.of("SETBIT", "GETBIT", "BITCOUNT", "BITPOS", "BITOP", "BITFIELD", "BITFIELD_RO"),
                    "operations on bits are not supported: a string is one value, so of concurrent ones one would be"
                            + " lost",
                    "A string is one value: of two bits set concurrently at two nodes one would be lost. A set of"
                            + " numbers keeps both"),
            new Missing(
                    "Counting distinct things approximately",
                    List.of("PFADD", "PFCOUNT", "PFMERGE", "PFDEBUG", "PFSELFTEST"),
                    "HyperLogLog is not supported; SADD and SCARD count exactly",
                    "It would need a datatype of its own whose concurrent additions merge. SADD and SCARD count"
                            + " exactly"),
            new Missing(
                    "Places on earth",
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
                    "They are arithmetic on the scores of sorted sets that nobody has asked for yet"),
            new Missing(
                    "Sorting",
                    List.of("SORT", "SORT_RO"),
                    "SORT is not supported; use a sorted set, or sort at the client",
                    "It reads keys that its arguments do not name, as many as there are elements. A sorted set is"
                            + " sorted already"),
            new Missing(
                    "Expiry of single fields",
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
                    "Channels of hash slots",
                    List.of("SPUBLISH", "SSUBSCRIBE", "SUNSUBSCRIBE", "PUBSUB SHARDCHANNELS", "PUBSUB SHARDNUMSUB"),
                    "there are no slots and so no channels of theirs; use PUBLISH and SUBSCRIBE",
                    "There are no slots. PUBLISH and SUBSCRIBE do the same here"),
            new Missing(
                    "Looking over clients' shoulders",
                    List.of("MONITOR"),
                    "not supported; see SLOWLOG, INFO commandstats, and /metrics over HTTP",
                    "SLOWLOG, INFO commandstats and the metrics over HTTP show what a node does without slowing it"
                            + " down"),
            new Missing(
                    "Stopping the node",
                    List.of("SHUTDOWN"),
                    "a client cannot stop the node; send the process SIGTERM, which stops it in order",
                    "A node belongs to whoever runs its process, and stops in order on SIGTERM"),
            new Missing(
                    "Modules",
                    List.of("MODULE LOAD", "MODULE LOADEX", "MODULE UNLOAD"),
                    "modules cannot be loaded",
                    "The node is a Java program and runs no code written for another server"));

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
