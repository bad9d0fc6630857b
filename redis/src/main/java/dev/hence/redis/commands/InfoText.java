package dev.hence.redis.commands;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.ReplicaNames;
import dev.hence.redis.connection.Client;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.SharedState;
import dev.hence.redis.node.Usage;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The reply to INFO: lines of {@code name:value} in sections. Fields that Redis clients look for keep their Redis names
 * and have values that are true for this node; fields that do not apply are omitted.
 */
final class InfoText {

    /** Writes one section. */
    @FunctionalInterface
    private interface Section {
        void write(InfoText info);
    }

    private static final Map<String, Section> SECTIONS = sections();

    /** Sections shown only when requested by name or with {@code all}. */
    private static final Set<String> RARE = Set.of("commandstats");

    private static final Set<String> ALL = Set.of("all", "everything");
    private static final String DEFAULT = "default";

    private final Session session;
    private final SharedState commons;
    private final NodeConfig config;
    private final NodeStatus status;
    private final List<String> names;
    private final StringBuilder text = new StringBuilder();

    InfoText(Session session) {
        this.session = session;
        this.commons = session.commons();
        this.config = commons.config();
        this.status = session.store().status();
        session.saw(status.clock());
        this.names = status.members().stream().map(NodeStatus.Member::name).toList();
    }

    private static Map<String, Section> sections() {
        Map<String, Section> sections = new LinkedHashMap<>();
        sections.put("server", InfoText::server);
        sections.put("clients", InfoText::clients);
        sections.put("memory", InfoText::memory);
        sections.put("persistence", InfoText::persistence);
        sections.put("stats", InfoText::stats);
        sections.put("replication", InfoText::replication);
        sections.put("cpu", InfoText::cpu);
        sections.put("commandstats", InfoText::commandStats);
        sections.put("errorstats", InfoText::errorStats);
        sections.put("cluster", InfoText::cluster);
        sections.put("keyspace", InfoText::keyspace);
        sections.put("causality", InfoText::causality);
        return sections;
    }

    /** The number of updates that a clock covers. */
    static long deliveries(VersionVector clock) {
        long[] sum = {0};
        clock.forEach((replica, counter) -> sum[0] += counter);
        return sum[0];
    }

    /**
     * The requested sections, in a fixed order.
     *
     * @param asked names in lower case; empty for the default sections
     */
    String of(List<String> asked) {
        SECTIONS.forEach((name, section) -> {
            boolean usual = asked.isEmpty() || asked.contains(DEFAULT);
            boolean wanted =
                    asked.contains(name) || asked.stream().anyMatch(ALL::contains) || (usual && !RARE.contains(name));
            if (wanted) {
                text.append(text.isEmpty() ? "" : "\r\n")
                        .append("# ")
                        .append(name.substring(0, 1).toUpperCase(Locale.ROOT))
                        .append(name.substring(1))
                        .append("\r\n");
                section.write(this);
            }
        });
        return text.toString();
    }

    private void line(String name, Object value) {
        text.append(name).append(':').append(value).append("\r\n");
    }

    private void server() {
        long upSeconds = (System.currentTimeMillis() - status.startedMillis()) / 1_000;
        line("redis_version", ConnectionCommands.REDIS_VERSION);
        line("redis_mode", "standalone");
        line("server_name", "hence");
        line(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        line("arch_bits", 64);
        line("java_version", Runtime.version());
        line("process_id", ProcessHandle.current().pid());
        line("run_id", runId());
        line("tcp_port", config.redis().port());
        line("http_port", config.port());
        line("uptime_in_seconds", upSeconds);
        line("uptime_in_days", upSeconds / 86_400);
        line("node_id", config.nodeId());
        line("cluster_name", config.clusterName());
    }

    /** The run id: forty digits, as clients expect; different for every start of the process. */
    private String runId() {
        HexFormat hex = HexFormat.of();
        return status.self().incarnationHex()
                + hex.toHexDigits(status.startedMillis())
                + hex.toHexDigits((int) ProcessHandle.current().pid());
    }

    private void clients() {
        List<Client> all = session.clients().all();
        line("connected_clients", all.size());
        line("maxclients", session.clients().max());
        line("blocked_clients", all.stream().filter(Client::isBlocked).count());
        line("pubsub_clients", all.stream().filter(Client::isSubscribed).count());
        line(
                "watching_clients",
                all.stream().filter(client -> client.watched() > 0).count());
    }

    /** The JVM compacts its heap, so there is no fragmentation. Only rows that are also on the disk are evicted. */
    private void memory() {
        MemoryUsage heap = ProcessUse.heap();
        sized("used_memory", heap.getUsed());
        sized("used_memory_rss", ProcessUse.residentBytes());
        sized("used_memory_peak", Math.max(heap.getUsed(), ProcessUse.heapPeakBytes()));
        sized("total_system_memory", ProcessUse.machineBytes());
        line("maxmemory", 0);
        line("maxmemory_human", "0B");
        line("maxmemory_policy", "noeviction");
        line("mem_fragmentation_ratio", "1.00");
        line("heap_committed", heap.getCommitted());
        line("heap_max", heap.getMax());
        MemoryUse parts = commons.memoryUse();
        line("rows_memory", parts.rows());
        line("rows_memory_max", parts.rowsMax());
        line("rows_dirty_memory", parts.dirtyRows());
        line("log_tail_memory", parts.logTail());
        line("rocksdb_memtables_memory", parts.memtables());
        line("rocksdb_blocks_memory", parts.blocks());
    }

    private void sized(String name, long bytes) {
        line(name, bytes);
        line(name + "_human", ProcessUse.human(bytes));
    }

    private void persistence() {
        long unsaved = status.durable().missingCount(status.clock());
        boolean writable = session.store().unready().isEmpty();
        loading();
        line("rdb_changes_since_last_save", unsaved);
        line("rdb_bgsave_in_progress", 0);
        line("rdb_last_save_time", ServerCommands.lastSaveSeconds(status));
        line("rdb_last_bgsave_status", "ok");
        line("aof_enabled", 1);
        line("aof_rewrite_in_progress", 0);
        line("aof_last_bgrewrite_status", "ok");
        line("aof_last_write_status", writable ? "ok" : "err");
        line("fsync", config.fsync().name().toLowerCase(Locale.ROOT));
    }

    /**
     * A node that is catching up still answers, as Redis does with {@code async_loading}; clients would avoid a node
     * that reports {@code loading}.
     */
    private void loading() {
        CatchUp.Progress progress = status.catchingUp();
        line("loading", 0);
        line("async_loading", progress == null ? 0 : 1);
        if (progress != null) {
            line("loading_start_time", status.startedMillis() / 1_000);
            line("loading_loaded_perc", String.format(Locale.ROOT, "%d.00", progress.percent()));
            progress.secondsLeft().ifPresent(seconds -> line("loading_eta_seconds", seconds));
        }
    }

    private void stats() {
        Usage usage = commons.usage();
        line("total_connections_received", usage.connections());
        line("total_commands_processed", usage.commandsAnswered());
        Usage.Rates rates = usage.rates();
        line("instantaneous_ops_per_sec", Math.round(rates.commands()));
        line("total_net_input_bytes", usage.traffic().receivedBytes());
        line("total_net_output_bytes", usage.traffic().sentBytes());
        line("instantaneous_input_kbps", kibibytes(rates.receivedBytes()));
        line("instantaneous_output_kbps", kibibytes(rates.sentBytes()));
        line("rejected_connections", usage.connectionsRejected());
        line("expired_keys", commons.node().keysExpired());
        line("evicted_keys", 0);
        line("keyspace_hits", usage.hits());
        line("keyspace_misses", usage.misses());
        line(
                "total_error_replies",
                usage.errors().values().stream().mapToLong(Long::longValue).sum());
        line("pubsub_channels", commons.subscribers().channels().size());
        line("pubsub_patterns", commons.subscribers().patterns());
        line("slowlog_entries", commons.slowLog().size());
    }

    /** Other nodes are not listed as replicas, because clients would treat them as read-only copies. */
    private void replication() {
        line("role", "master");
        line("connected_slaves", 0);
        line("master_failover_state", "no-failover");
        line("master_replid", runId());
        line("master_repl_offset", deliveries(status.clock()));
    }

    private void cpu() {
        ProcessUse.Cpu cpu = ProcessUse.cpu();
        line("used_cpu_sys", seconds(cpu.system()));
        line("used_cpu_user", seconds(cpu.user()));
        line("used_cpu_sys_children", seconds(0));
        line("used_cpu_user_children", seconds(0));
        line("used_cpu_total", seconds(cpu.system() + cpu.user()));
        line("processors", Runtime.getRuntime().availableProcessors());
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.6f", seconds);
    }

    private static String kibibytes(double bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / 1_024);
    }

    private void commandStats() {
        commons.usage().byCommand().forEach((command, used) -> {
            long calls = used.calls();
            double each = calls == 0 ? 0 : used.micros() / (double) calls;
            line(
                    "cmdstat_" + command.toLowerCase(Locale.ROOT).replace(' ', '|'),
                    "calls=" + calls + ",usec=" + used.micros()
                            + String.format(Locale.ROOT, ",usec_per_call=%.2f", each)
                            + ",rejected_calls=0,failed_calls=" + used.failures());
        });
    }

    private void errorStats() {
        commons.usage().errors().forEach((kind, count) -> line("errorstat_" + kind, "count=" + count));
    }

    private void cluster() {
        line("cluster_enabled", 0);
    }

    private void keyspace() {
        if (status.keys() > 0) {
            // Libraries expect all three fields. The average TTL is not tracked, as in Redis before its first expiry
            // cycle.
            line("db0", "keys=" + status.keys() + ",expires=" + status.expiringKeys() + ",avg_ttl=0");
        }
    }

    private void causality() {
        line("replica", status.self());
        line("incarnation", status.self().incarnationHex());
        line("clock", shown(status.clock()));
        line("durable_clock", shown(status.durable()));
        line("stable_clock", shown(status.stable()));
        line("session_clock", shown(session.clock()));
        line("buffered_updates", status.bufferedCount());
        catchingUp();
        line("requests_remembered", commons.requests().size());
        List<NodeStatus.Member> others = new ArrayList<>(status.members());
        others.removeIf(NodeStatus.Member::self);
        line("members", others.size() + 1);
        for (int at = 0; at < others.size(); at++) {
            NodeStatus.Member member = others.get(at);
            line(
                    "member" + (at + 1),
                    "name=" + member.name() + ",connected=" + (member.connected() ? 1 : 0) + ",updates_missing_here="
                            + member.updatesBehind() + ",updates_missing_there="
                            + member.applied().missingCount(status.clock())
                            + (member.heardMillisAgo() == null ? "" : ",heard_millis_ago=" + member.heardMillisAgo()));
        }
    }

    private void catchingUp() {
        CatchUp.Progress progress = status.catchingUp();
        line("ready", status.ready() ? 1 : 0);
        line("catching_up", progress == null ? 0 : 1);
        if (progress != null) {
            line("catching_up_percent", progress.percent());
            line("catching_up_updates", progress.updates());
            line("catching_up_updates_total", progress.updatesTotal());
            progress.secondsLeft().ifPresent(seconds -> line("catching_up_seconds_left", seconds));
        }
    }

    private String shown(VersionVector clock) {
        return ReplicaNames.byName(clock, names).entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
