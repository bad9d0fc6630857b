package dev.hence.node.config;

import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.Setting.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The table of everything that a node can be told.
 *
 * <p>A new setting is one entry here and one place that uses it.
 */
public final class Settings {

    /** The file that the other settings may be in; the only one that cannot itself be in it. */
    public static final Setting<Path> CONFIG = Setting.derived(
            Section.NODE,
            "config",
            "HENCE_CONFIG",
            ValueTypes.path(),
            "none",
            "A file with settings: `key = value` lines");

    public static final Setting<String> NODE_ID = Setting.derived(
            Section.NODE,
            "node-id",
            "NODE_ID",
            ValueTypes.nodeName(),
            "the host name",
            "The node's name, unique in the cluster and the same at every start");

    public static final Setting<String> HOST =
            Setting.of(Section.NODE, "host", "HOST", ValueTypes.listenAddress(), "0.0.0.0", "The address to listen on");

    public static final Setting<Integer> PORT = Setting.of(
            Section.NODE,
            "port",
            "PORT",
            ValueTypes.integer("PORT", 0, 65_535),
            "5000",
            "The port for clients, operators and peers, over HTTP; 0 takes any free one");

    public static final Setting<List<PeerAddress>> PEERS = Setting.of(
            Section.CLUSTER,
            "peers",
            "PEERS",
            ValueTypes.peers(),
            "",
            "The other nodes: `host:port` or `name=host:port`, separated by commas; IPv6 addresses in brackets; a"
                    + " missing port is 5000; the node itself may be among them");

    public static final Setting<String> CLUSTER = Setting.of(
            Section.CLUSTER,
            "cluster",
            "CLUSTER_NAME",
            ValueTypes.clusterName(),
            "hence",
            "The cluster's name; nodes and session tokens of different clusters do not mix");

    public static final Setting<ReadyWhen> READY_WHEN = Setting.of(
            Section.CLUSTER,
            "ready-when",
            "READY_WHEN",
            ValueTypes.choice("WHEN", ReadyWhen.class),
            "caught-up",
            "When a node that has started calls itself ready: when it has what the peers that it can reach have, when"
                    + " it has met every peer and has what they have, or at once. It answers clients before that, too");

    public static final Setting<Integer> REDIS_PORT = Setting.of(
            Section.REDIS,
            "redis-port",
            "REDIS_PORT",
            ValueTypes.integer("PORT", 0, 65_535),
            "6379",
            "The port for clients of the Redis protocol; 0 switches it off. Nodes on one machine need different ones");

    public static final Setting<String> REDIS_PASSWORD = Setting.secret(
            Section.REDIS,
            "redis-password",
            "REDIS_PASSWORD",
            ValueTypes.password(),
            "What these clients have to give with AUTH before they may do anything. It does not protect the HTTP port");

    public static final Setting<Integer> REDIS_CLIENTS_MAX = Setting.of(
            Section.REDIS,
            "redis-clients-max",
            "REDIS_CLIENTS_MAX",
            ValueTypes.integer("NUMBER", 1, 1_000_000),
            "10000",
            "These clients at a time; one more is told so and disconnected");

    public static final Setting<Integer> REDIS_IDLE_SECONDS = Setting.of(
            Section.REDIS,
            "redis-idle-seconds",
            "REDIS_IDLE_SECONDS",
            ValueTypes.integer("SECONDS", 0, 31_536_000),
            "0",
            "After how long without a request a client is disconnected, unless it is subscribed; 0 is never");

    public static final Setting<Integer> REDIS_REQUEST_SECONDS = Setting.of(
            Section.REDIS,
            "redis-request-seconds",
            "REDIS_REQUEST_SECONDS",
            ValueTypes.integer("SECONDS", 1, 86_400),
            "300",
            "How long the rest of a request may take to come after its first byte");

    public static final Setting<Integer> REDIS_UNREAD_SECONDS = Setting.of(
            Section.REDIS,
            "redis-unread-seconds",
            "REDIS_UNREAD_SECONDS",
            ValueTypes.integer("SECONDS", 1, 86_400),
            "60",
            "How long a client may read nothing of a reply that is on its way");

    public static final Setting<Path> DATA = Setting.derived(
            Section.STORAGE,
            "data",
            "DATA_DIR",
            ValueTypes.path(),
            "data/NODE_ID, in the working directory",
            "The directory of the node's data, made if it is missing; no two nodes may share one");

    public static final Setting<FsyncPolicy> FSYNC = Setting.of(
            Section.STORAGE,
            "fsync",
            "FSYNC",
            ValueTypes.choice("POLICY", FsyncPolicy.class),
            "always",
            "When a write is forced to the disk: before it is acknowledged, once a second, or when the operating"
                    + " system likes. A power loss may take what was not; a crash of the process takes nothing");

    public static final Setting<Boolean> LAB = Setting.of(
            Section.LAB,
            "lab",
            "LAB",
            ValueTypes.onOrOff(),
            "false",
            "Let anyone hold, delay, reorder or cut the links from peers through /lab/links: for teaching and tests");

    public static final Setting<LogLevel> LOG_LEVEL = Setting.of(
            Section.LAB,
            "log-level",
            "LOG_LEVEL",
            ValueTypes.choice("LEVEL", LogLevel.class),
            "info",
            "How much is logged; a running node takes another level when it reads its settings again, on SIGHUP");

    public static final Setting<Boolean> LOG_UPDATES = Setting.of(
            Section.LAB,
            "log-updates",
            "LOG_UPDATES",
            ValueTypes.onOrOff(),
            "false",
            "Log of every update how it was written, received, buffered waiting for another, and delivered");

    public static final Setting<Integer> KEY_BYTES_MAX = Setting.limit(
            "key-bytes-max",
            ValueTypes.intBytes(1, 65_535),
            Limits.DEFAULT.keyBytesMax(),
            "The longest key. A key in a URL also has to fit header-bytes-max, percent-encoded");

    public static final Setting<Integer> VALUE_BYTES_MAX = Setting.limit(
            "value-bytes-max",
            ValueTypes.intBytes(1, 512 << 20),
            Limits.DEFAULT.valueBytesMax(),
            "The longest value; at most body-bytes-max");

    public static final Setting<Integer> BODY_BYTES_MAX = Setting.limit(
            "body-bytes-max",
            ValueTypes.intBytes(1 << 10, 1 << 30),
            Limits.DEFAULT.bodyBytesMax(),
            "The longest request body");

    public static final Setting<Integer> HEADER_BYTES_MAX = Setting.limit(
            "header-bytes-max",
            ValueTypes.intBytes(10 << 10, 1 << 20),
            Limits.DEFAULT.headerBytesMax(),
            "The longest request line with its headers; a session token alone may have 8 KiB");

    public static final Setting<Integer> UPDATE_BYTES_MAX = Setting.limit(
            "update-bytes-max",
            // On the wire small elements take several times their bytes, and a frame has a limit of its own.
            ValueTypes.intBytes(1 << 10, 128 << 20),
            Limits.DEFAULT.updateBytesMax(),
            "All keys and values of one update, which is one write or one batch, and 32 bytes for each change; at least"
                    + " key-bytes-max and value-bytes-max together");

    public static final Setting<Integer> CONNECTIONS_MAX = Setting.limit(
            "connections-max",
            ValueTypes.integer("NUMBER", 10, 1_000_000),
            Limits.DEFAULT.connectionsMax(),
            "Connections at a time, of clients and peers; one more is told so and closed");

    public static final Setting<Integer> BUFFER_UPDATES_MAX = Setting.limit(
            "buffer-updates-max",
            ValueTypes.integer("NUMBER", 1, 1_000_000),
            Limits.DEFAULT.bufferUpdatesMax(),
            "Updates of one origin that are held while they wait for others; a full buffer stops the reading of"
                    + " that origin's updates, not those of others");

    public static final Setting<Long> BUFFER_BYTES_MAX = Setting.limit(
            "buffer-bytes-max",
            ValueTypes.bytes(1 << 10, 64L << 30),
            Limits.DEFAULT.bufferBytesMax(),
            "Bytes of these; at least update-bytes-max");

    public static final Setting<Long> DISK_FREE_BYTES_MIN = Setting.limit(
            "disk-free-bytes-min",
            ValueTypes.bytes(0, 1L << 40),
            Limits.DEFAULT.diskFreeBytesMin(),
            "Free space on the disk of the data below which writes are refused, while reads go on");

    public static final Setting<Integer> CLOCK_AHEAD_SECONDS_MAX = Setting.limit(
            "clock-ahead-seconds-max",
            ValueTypes.integer("SECONDS", 1, 31_536_000),
            Limits.DEFAULT.clockAheadSecondsMax(),
            "How far the timestamp of another node's update may be ahead of this node's wall clock. Beyond that it is"
                    + " not taken until time has caught up or the wrong clock is mended; the same at all nodes");

    /** All of them, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(
            CONFIG,
            NODE_ID,
            HOST,
            PORT,
            PEERS,
            CLUSTER,
            READY_WHEN,
            REDIS_PORT,
            REDIS_PASSWORD,
            REDIS_CLIENTS_MAX,
            REDIS_IDLE_SECONDS,
            REDIS_REQUEST_SECONDS,
            REDIS_UNREAD_SECONDS,
            DATA,
            FSYNC,
            LAB,
            LOG_LEVEL,
            LOG_UPDATES,
            KEY_BYTES_MAX,
            VALUE_BYTES_MAX,
            BODY_BYTES_MAX,
            HEADER_BYTES_MAX,
            UPDATE_BYTES_MAX,
            CONNECTIONS_MAX,
            BUFFER_UPDATES_MAX,
            BUFFER_BYTES_MAX,
            DISK_FREE_BYTES_MIN,
            CLOCK_AHEAD_SECONDS_MAX);

    /** Those of the process, which a node that somebody embeds does not have. */
    public static final Set<Setting<?>> OF_THE_PROCESS = Set.of(CONFIG, LOG_LEVEL);

    private Settings() {}
}
