package dev.hence.node.config;

import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.Setting.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The table of all settings of a node.
 *
 * <p>A new setting is one entry here and one use.
 */
public final class Settings {

    /** The configuration file; the only setting that cannot be in the file itself. */
    public static final Setting<Path> CONFIG = Setting.derived(
            Section.NODE,
            "config",
            "HENCE_CONFIG",
            ValueTypes.path(),
            "none",
            "File with settings, as `key = value` lines");

    public static final Setting<String> NODE_ID = Setting.derived(
            Section.NODE,
            "node-id",
            "NODE_ID",
            ValueTypes.nodeName(),
            "the host name",
            "Name of the node. It must be unique in the cluster and the same at every start");

    public static final Setting<String> HOST =
            Setting.of(Section.NODE, "host", "HOST", ValueTypes.listenAddress(), "0.0.0.0", "Address to listen on");

    public static final Setting<Integer> PORT = Setting.of(
            Section.NODE,
            "port",
            "PORT",
            ValueTypes.integer("PORT", 0, 65_535),
            "5000",
            "HTTP port for clients, operators and peers; 0 selects a free port");

    public static final Setting<List<PeerAddress>> PEERS = Setting.of(
            Section.CLUSTER,
            "peers",
            "PEERS",
            ValueTypes.peers(),
            "",
            "The other nodes, as `host:port` or `name=host:port`, separated by commas. IPv6 addresses are in"
                    + " brackets; the default port is 5000; the node itself may be included");

    public static final Setting<String> CLUSTER = Setting.of(
            Section.CLUSTER,
            "cluster",
            "CLUSTER_NAME",
            ValueTypes.clusterName(),
            "hence",
            "Name of the cluster. Nodes and session tokens of different clusters reject each other");

    public static final Setting<ReadyWhen> READY_WHEN = Setting.of(
            Section.CLUSTER,
            "ready-when",
            "READY_WHEN",
            ValueTypes.choice("WHEN", ReadyWhen.class),
            "caught-up",
            "When a started node reports itself ready: `caught-up` when it has everything that its reachable peers"
                    + " have, `all-peers` when it has met every peer and has everything they have, `started` at"
                    + " once. It answers clients before that, too");

    public static final Setting<Integer> REDIS_PORT = Setting.of(
            Section.REDIS,
            "redis-port",
            "REDIS_PORT",
            ValueTypes.integer("PORT", 0, 65_535),
            "6379",
            "Port for clients of the Redis protocol; 0 disables it. Nodes on one machine need different ports");

    public static final Setting<String> REDIS_PASSWORD = Setting.secret(
            Section.REDIS,
            "redis-password",
            "REDIS_PASSWORD",
            ValueTypes.password(),
            "Password that Redis clients must send with AUTH before any other command. It does not protect the HTTP"
                    + " port");

    public static final Setting<Integer> REDIS_CLIENTS_MAX = Setting.of(
            Section.REDIS,
            "redis-clients-max",
            "REDIS_CLIENTS_MAX",
            ValueTypes.integer("NUMBER", 1, 1_000_000),
            "10000",
            "Maximum number of Redis clients; further connections receive an error and are closed");

    public static final Setting<Integer> REDIS_IDLE_SECONDS = Setting.of(
            Section.REDIS,
            "redis-idle-seconds",
            "REDIS_IDLE_SECONDS",
            ValueTypes.integer("SECONDS", 0, 31_536_000),
            "0",
            "Idle time after which a Redis client is disconnected, unless it is subscribed; 0 disables this");

    public static final Setting<Integer> REDIS_REQUEST_SECONDS = Setting.of(
            Section.REDIS,
            "redis-request-seconds",
            "REDIS_REQUEST_SECONDS",
            ValueTypes.integer("SECONDS", 1, 86_400),
            "300",
            "Maximum time for the rest of a request to arrive after its first byte");

    public static final Setting<Integer> REDIS_UNREAD_SECONDS = Setting.of(
            Section.REDIS,
            "redis-unread-seconds",
            "REDIS_UNREAD_SECONDS",
            ValueTypes.integer("SECONDS", 1, 86_400),
            "60",
            "Maximum time that a client may leave a pending reply unread");

    public static final Setting<Path> DATA = Setting.derived(
            Section.STORAGE,
            "data",
            "DATA_DIR",
            ValueTypes.path(),
            "data/NODE_ID, in the working directory",
            "Data directory of the node, created if it is missing. Two nodes must not share a directory");

    public static final Setting<FsyncPolicy> FSYNC = Setting.of(
            Section.STORAGE,
            "fsync",
            "FSYNC",
            ValueTypes.choice("POLICY", FsyncPolicy.class),
            "always",
            "When writes are synced to disk: `always` before they are acknowledged, `everysec` once per second,"
                    + " `never` left to the operating system. A power loss may lose writes that are not synced; a"
                    + " crash of the process loses none");

    public static final Setting<Long> LOG_BYTES_MAX = Setting.derived(
            Section.STORAGE,
            "log-bytes-max",
            "LOG_BYTES_MAX",
            ValueTypes.bytes(128L << 20, 1L << 50),
            "none",
            "Size of the log of updates from which its oldest files are deleted although a member still needs them. What"
                    + " every member has stored is deleted beyond 512 MiB in any case");

    public static final Setting<Duration> LOG_AGE_MAX = Setting.derived(
            Section.STORAGE,
            "log-age-max",
            "LOG_AGE_MAX",
            ValueTypes.duration(Duration.ofHours(1), Duration.ofDays(3_650)),
            "none",
            "Time after which a file of the log of updates is deleted although a member still needs it");

    /** For the launcher, which starts the JVM with a heap for it. */
    public static final Setting<Long> MEMORY = Setting.derived(
            Section.STORAGE,
            "memory",
            "HENCE_MEMORY",
            ValueTypes.bytes(384L << 20, 1L << 50),
            "a quarter of the machine's, or of the container's",
            "Memory of the process. It holds the rows that were used last; data may be larger. An idle node takes far"
                    + " less");

    public static final Setting<Boolean> LAB = Setting.of(
            Section.LAB,
            "lab",
            "LAB",
            ValueTypes.onOrOff(),
            "false",
            "Allows every client to hold, delay, reorder or cut the links from peers through /lab/links. For teaching"
                    + " and tests");

    public static final Setting<LogLevel> LOG_LEVEL = Setting.of(
            Section.LAB,
            "log-level",
            "LOG_LEVEL",
            ValueTypes.choice("LEVEL", LogLevel.class),
            "info",
            "Log level. A running node applies a new level when it reads its settings again, on SIGHUP");

    public static final Setting<Boolean> LOG_UPDATES = Setting.of(
            Section.LAB,
            "log-updates",
            "LOG_UPDATES",
            ValueTypes.onOrOff(),
            "false",
            "Logs for every update when it is written, received, buffered while it waits for another, and delivered");

    public static final Setting<Integer> KEY_BYTES_MAX = Setting.limit(
            "key-bytes-max",
            ValueTypes.intBytes(1, 65_535),
            Limits.DEFAULT.keyBytesMax(),
            "Maximum size of a key. A percent-encoded key in a URL must also fit into header-bytes-max");

    public static final Setting<Integer> VALUE_BYTES_MAX = Setting.limit(
            "value-bytes-max",
            ValueTypes.intBytes(1, 512 << 20),
            Limits.DEFAULT.valueBytesMax(),
            "Maximum size of a value; at most body-bytes-max");

    public static final Setting<Integer> BODY_BYTES_MAX = Setting.limit(
            "body-bytes-max",
            ValueTypes.intBytes(1 << 10, 1 << 30),
            Limits.DEFAULT.bodyBytesMax(),
            "Maximum size of a request body");

    public static final Setting<Integer> HEADER_BYTES_MAX = Setting.limit(
            "header-bytes-max",
            ValueTypes.intBytes(10 << 10, 1 << 20),
            Limits.DEFAULT.headerBytesMax(),
            "Maximum size of a request line with its headers. A session token alone may take 8 KiB");

    public static final Setting<Integer> UPDATE_BYTES_MAX = Setting.limit(
            "update-bytes-max",
            // Small elements take several times their size on the wire, and a frame has a limit of its own.
            ValueTypes.intBytes(1 << 10, 128 << 20),
            Limits.DEFAULT.updateBytesMax(),
            "Maximum size of an update (one write or one batch): its keys and values, plus 32 bytes per change; at"
                    + " least key-bytes-max plus value-bytes-max");

    public static final Setting<Integer> CONNECTIONS_MAX = Setting.limit(
            "connections-max",
            ValueTypes.integer("NUMBER", 10, 1_000_000),
            Limits.DEFAULT.connectionsMax(),
            "Maximum number of HTTP connections of clients and peers; further connections receive an error and are"
                    + " closed");

    public static final Setting<Integer> BUFFER_UPDATES_MAX = Setting.limit(
            "buffer-updates-max",
            ValueTypes.integer("NUMBER", 1, 1_000_000),
            Limits.DEFAULT.bufferUpdatesMax(),
            "Maximum number of buffered updates of one origin, which wait for others. When the buffer is full, the"
                    + " node stops reading updates of that origin, but not of others");

    public static final Setting<Long> BUFFER_BYTES_MAX = Setting.limit(
            "buffer-bytes-max",
            ValueTypes.bytes(1 << 10, 64L << 30),
            Limits.DEFAULT.bufferBytesMax(),
            "Maximum size of the buffered updates of one origin; at least update-bytes-max");

    public static final Setting<Long> DISK_FREE_BYTES_MIN = Setting.limit(
            "disk-free-bytes-min",
            ValueTypes.bytes(0, 1L << 40),
            Limits.DEFAULT.diskFreeBytesMin(),
            "Minimum free space on the data disk. With less, the node rejects writes and continues to serve reads");

    public static final Setting<Integer> CLOCK_AHEAD_SECONDS_MAX = Setting.limit(
            "clock-ahead-seconds-max",
            ValueTypes.integer("SECONDS", 1, 31_536_000),
            Limits.DEFAULT.clockAheadSecondsMax(),
            "How far the timestamp of another node's update may be ahead of this node's wall clock. An update beyond"
                    + " it is held until the time is reached or the wrong clock is corrected. Use the same value at"
                    + " all nodes");

    /** All settings, in display order. */
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
            LOG_BYTES_MAX,
            LOG_AGE_MAX,
            MEMORY,
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

    /** The settings of the process, which do not apply to an embedded node. */
    public static final Set<Setting<?>> OF_THE_PROCESS = Set.of(CONFIG, LOG_LEVEL, MEMORY);

    private Settings() {}
}
