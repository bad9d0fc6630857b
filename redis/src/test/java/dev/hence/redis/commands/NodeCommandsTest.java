package dev.hence.redis.commands;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.redis.RedisClient;
import dev.hence.redis.RedisNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about the node, over a real connection. */
final class NodeCommandsTest {

    @TempDir
    private Path directory;

    private RedisNode node;
    private RedisClient client;

    @BeforeEach
    void start() throws IOException {
        node = RedisNode.start("node1", directory.resolve("1"));
        client = node.client();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        node.close();
    }

    private Map<String, String> info(String... sections) throws IOException {
        String[] words = new String[sections.length + 1];
        words[0] = "INFO";
        System.arraycopy(sections, 0, words, 1, sections.length);
        Map<String, String> lines = new TreeMap<>();
        for (String line : String.valueOf(client.value(words)).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            lines.put(colon < 0 ? line : line.substring(0, colon), colon < 0 ? "" : line.substring(colon + 1));
        }
        return lines;
    }

    private Map<String, String> config(String pattern) throws IOException {
        List<?> both = (List<?>) client.value("CONFIG", "GET", pattern);
        Map<String, String> values = new TreeMap<>();
        for (int at = 0; at < both.size(); at += 2) {
            values.put((String) both.get(at), (String) both.get(at + 1));
        }
        return values;
    }

    @Test
    void flushAll_withinMulti_isRefusedAsItIsNotOneUpdate() throws Exception {
        client.value("SET", "kept", "1");
        client.value("MULTI");

        assertThat(client.refusal("FLUSHALL")).isEqualTo("ERR Command not allowed inside a transaction");
        assertThat(client.refusal("EXEC")).startsWith("EXECABORT");
        assertThat(client.value("GET", "kept")).isEqualTo("1");
    }

    @Test
    void info_whileTheNodeCatchesUp_saysSoAndNotThatCommandsAreRefused() throws Exception {
        assertThat(info()).containsEntry("async_loading", "0").containsEntry("catching_up", "0");

        node.catchesUp(new CatchUp.Progress(370, 1_000, OptionalLong.of(40), List.of()));

        assertThat(info())
                .containsEntry("loading", "0")
                .containsEntry("async_loading", "1")
                .containsEntry("loading_loaded_perc", "37.00")
                .containsEntry("loading_eta_seconds", "40")
                .containsEntry("catching_up", "1")
                .containsEntry("catching_up_percent", "37")
                .containsEntry("catching_up_updates", "370")
                .containsEntry("catching_up_updates_total", "1000")
                .containsEntry("catching_up_seconds_left", "40");
    }

    @Test
    void info_ofEverything_hasWhatClientsLookFor() throws Exception {
        client.value("SET", "a", "1");
        node.hears("node2", VersionVector.EMPTY);

        Map<String, String> all = info();

        assertThat(all)
                .containsKeys("# Server", "# Clients", "# Memory", "# Persistence", "# Stats", "# Replication")
                .containsKeys("# Cpu", "# Keyspace", "# Causality", "redis_version", "uptime_in_seconds", "used_memory")
                .containsEntry("role", "master")
                .containsEntry("connected_slaves", "0")
                .containsEntry("cluster_enabled", "0")
                .containsEntry("connected_clients", "1")
                .containsEntry("aof_last_write_status", "ok")
                .containsEntry("rdb_changes_since_last_save", "0")
                .containsEntry("db0", "keys=1,expires=0,avg_ttl=0")
                .containsEntry("clock", "node1=1,node2=0")
                .containsEntry("durable_clock", "node1=1,node2=0")
                .containsEntry("session_clock", "node1=1,node2=0")
                .containsEntry("buffered_updates", "0")
                .doesNotContainKey("# Commandstats");
        assertThat(all.get("run_id")).hasSize(40);
        assertThat(all.get("member1")).startsWith("name=node2,connected=1,").contains("updates_missing_there=1");
    }

    @Test
    void info_ofEverything_hasWhatMonitoringLooksFor() throws Exception {
        client.value("SET", "a", "1");

        Map<String, String> all = info();

        assertThat(all)
                .containsKeys("used_cpu_user", "used_cpu_sys", "used_memory_rss_human", "used_memory_peak_human")
                .containsKeys("instantaneous_ops_per_sec", "instantaneous_input_kbps", "instantaneous_output_kbps")
                .containsEntry("expired_keys", "0")
                .containsEntry("evicted_keys", "0")
                .containsEntry("mem_fragmentation_ratio", "1.00");
        assertThat(number(all, "used_cpu_user") + number(all, "used_cpu_sys")).isPositive();
        assertThat(number(all, "used_memory_rss")).isGreaterThan(1 << 20);
        assertThat(number(all, "used_memory_peak")).isGreaterThanOrEqualTo(number(all, "used_memory"));
        assertThat(number(all, "total_net_input_bytes")).isGreaterThan("*3$3SET".length());
        assertThat(number(all, "total_net_output_bytes")).isGreaterThanOrEqualTo("+OK\r\n".length());
        assertThat(number(all, "rdb_last_save_time")).isGreaterThan(1_700_000_000);
    }

    @Test
    void info_ofMemory_hasThatOfTheMachineAndNotOfTheHeap() throws Exception {
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();

        assertThat(info("memory")).containsEntry("total_system_memory", Long.toString(machine));
    }

    private static double number(Map<String, String> info, String name) {
        return Double.parseDouble(info.get(name));
    }

    @Test
    void info_ofReads_countsKeysThatWereThereAndThatWereNot() throws Exception {
        client.value("SET", "a", "1");
        client.value("RPUSH", "list", "x");
        client.value("MGET", "a", "nothing", "a");
        client.value("EXISTS", "a", "a");
        client.value("LRANGE", "list", "0", "-1");
        client.value("TTL", "nothing");
        client.value("INCR", "a");
        client.value("DEL", "nothing");

        assertThat(info("stats")).containsEntry("keyspace_hits", "5").containsEntry("keyspace_misses", "2");

        client.value("CONFIG", "RESETSTAT");
        client.value("MULTI");
        client.value("GET", "a");
        client.value("HGET", "nothing", "f");
        client.value("EXEC");
        assertThat(info("stats")).containsEntry("keyspace_hits", "1").containsEntry("keyspace_misses", "1");
    }

    @Test
    void info_whileCommandsRun_hasTheirRate() throws Exception {
        eventually("a rate is shown", () -> {
            client.value("PING");
            return number(info("stats"), "instantaneous_ops_per_sec") > 0;
        });
    }

    @Test
    void info_ofSections_hasOnlyThese() throws Exception {
        assertThat(info("KEYSPACE", "cluster").keySet())
                .containsExactlyInAnyOrder("# Cluster", "# Keyspace", "cluster_enabled", "");
        assertThat(info("nothing").keySet()).containsExactly("");
    }

    @Test
    void info_ofCommandStats_countsCallsAndFailures() throws Exception {
        client.value("SET", "a", "text");
        client.value("SET", "a", "text");
        client.refusal("INCR", "a");
        client.refusal("NOTHING");

        Map<String, String> stats = info("everything");
        assertThat(stats.get("cmdstat_set")).startsWith("calls=2,");
        assertThat(stats.get("cmdstat_incr")).startsWith("calls=1,").endsWith("failed_calls=1");
        assertThat(stats).containsEntry("errorstat_ERR", "count=2").containsEntry("total_error_replies", "2");

        client.value("CONFIG", "RESETSTAT");
        assertThat(info("all")).doesNotContainKey("cmdstat_set").containsEntry("total_error_replies", "0");
    }

    @Test
    void config_get_matchesPatterns() throws Exception {
        assertThat(config("APPEND*")).isEqualTo(Map.of("appendonly", "yes", "appendfsync", "always"));
        assertThat(config("save")).isEqualTo(Map.of("save", ""));
        assertThat(config("node-id")).isEqualTo(Map.of("node-id", "node1"));
        assertThat(config("nothing")).isEmpty();
        assertThat(config("notify-keyspace-events")).isEqualTo(Map.of("notify-keyspace-events", ""));
    }

    @Test
    void config_setOfFixed_isRefused() throws Exception {
        assertThat(client.refusal("CONFIG", "SET", "maxmemory", "1gb")).contains("can't set immutable config");
        assertThat(client.refusal("CONFIG", "SET", "notify-keyspace-events", "KEA"))
                .contains("not supported");
        assertThat(client.refusal("CONFIG", "SET", "nothing", "1")).startsWith("ERR Unknown option");
        assertThat(client.refusal("CONFIG", "SET", "slowlog-max-len", "-1")).contains("between 0 and");
        assertThat(client.refusal("CONFIG", "SET", "slowlog-max-len", "1", "save"))
                .startsWith("ERR wrong number");
        assertThat(client.refusal("CONFIG", "REWRITE")).startsWith("ERR CONFIG REWRITE");
    }

    @Test
    void slowlog_withThresholdOfZero_keepsWhatWasSaid() throws Exception {
        client.value("CLIENT", "SETNAME", "worker");
        client.value("CONFIG", "SET", "slowlog-log-slower-than", "0");
        client.value("SET", "a", "1");

        List<?> entries = (List<?>) client.value("SLOWLOG", "GET", "1");
        List<?> newest = (List<?>) entries.getFirst();
        assertThat(newest.get(3)).isEqualTo(List.of("SET", "a", "1"));
        assertThat((String) newest.get(4)).startsWith("127.0.0.1:");
        assertThat(newest.get(5)).isEqualTo("worker");

        client.value("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        client.value("SLOWLOG", "RESET");
        client.value("SET", "a", "2");
        assertThat(client.value("SLOWLOG", "LEN")).isEqualTo(0L);
        assertThat(client.refusal("SLOWLOG", "GET", "-2")).startsWith("ERR count");
    }

    @Test
    void slowlog_ofPasswords_hidesThem() throws Exception {
        client.value("CONFIG", "SET", "slowlog-log-slower-than", "0");
        client.value("HELLO", "3", "AUTH", "default", "secret");

        assertThat(String.valueOf(client.value("SLOWLOG", "GET", "-1")))
                .contains("HELLO")
                .doesNotContain("secret");
    }

    @Test
    void time_now_isThatOfTheMachine() throws Exception {
        long before = System.currentTimeMillis() / 1_000;
        List<?> time = (List<?>) client.value("TIME");

        assertThat(Long.parseLong((String) time.getFirst())).isBetween(before, before + 60);
        assertThat(Long.parseLong((String) time.getLast())).isBetween(0L, 999_999L);
    }

    @Test
    void memoryUsage_ofString_growsWithIt() throws Exception {
        client.value("SET", "small", "x");
        client.value("SET", "large", "x".repeat(10_000));

        assertThat((long) client.value("MEMORY", "USAGE", "large"))
                .isEqualTo((long) client.value("MEMORY", "USAGE", "small") + 9_999);
        assertThat(client.value("MEMORY", "USAGE", "nothing")).isNull();
        assertThat(client.refusal("MEMORY", "USAGE", "small", "SAMPLES")).isEqualTo("ERR syntax error");
        assertThat(client.refusal("MEMORY", "USAGE", "small", "SAMPLES", "-1")).isEqualTo("ERR syntax error");
    }

    @Test
    void wait_withoutWrites_countsTheMembers() throws Exception {
        node.hears("node2", VersionVector.EMPTY);

        assertThat(client.value("WAIT", "5", "0")).isEqualTo(1L);
    }

    @Test
    void wait_forOthers_endsWhenTheyHaveStoredTheWrite() throws Exception {
        VersionVector before = node.node().clock();
        node.hears("node2", before);
        node.hears("node3", before);
        client.value("SET", "a", "1");
        assertThat(client.value("WAIT", "1", "1")).isEqualTo(0L);

        node.hears("node2", node.node().clock());
        assertThat(client.value("WAIT", "1", "0")).isEqualTo(1L);

        client.request("WAIT", "2", "0");
        eventually("the client waits", this::isBlocked);
        node.hears("node3", node.node().clock());
        assertThat(client.value()).isEqualTo(2L);
    }

    private boolean isBlocked() throws IOException {
        try (RedisClient looking = node.client()) {
            return String.valueOf(looking.value("INFO", "clients")).contains("blocked_clients:1");
        }
    }

    @Test
    void wait_ofClientThatIsKilled_ends() throws Exception {
        client.value("SET", "a", "1");
        long id = (long) client.value("CLIENT", "ID");
        client.request("WAIT", "9", "0");
        eventually("the client waits", this::isBlocked);

        try (RedisClient operator = node.client()) {
            assertThat(operator.value("CLIENT", "KILL", "ID", Long.toString(id)))
                    .isEqualTo(1L);
            eventually(
                    "it is gone",
                    () -> String.valueOf(operator.value("INFO", "clients")).contains("connected_clients:1\r\n"));
        }
    }

    @Test
    void wait_inPipeline_doesNotHoldBackTheRepliesBefore() throws Exception {
        client.request("SET", "a", "1");
        client.request("WAIT", "9", "0");
        assertThat(client.value()).isEqualTo("OK");

        long id;
        try (RedisClient operator = node.client()) {
            eventually("the client waits", this::isBlocked);
            id = (long) operator.value("CLIENT", "ID") - 1;
            eventually("it is told that the time is up", () -> {
                for (long each = 1; each <= id; each++) {
                    operator.value("CLIENT", "UNBLOCK", Long.toString(each));
                }
                return !isBlocked();
            });
        }
        assertThat(client.value()).isEqualTo(0L);
    }

    @Test
    void wait_withNonsense_isRefused() throws Exception {
        assertThat(client.refusal("WAIT", "1", "-1")).isEqualTo("ERR timeout is negative");
        assertThat(client.refusal("WAIT", "-1", "0")).startsWith("ERR value is out of range");
        assertThat(client.refusal("WAIT", "x", "0")).isEqualTo("ERR value is not an integer or out of range");
    }

    @Test
    void waitAof_withFsyncAlways_hasItHereAtOnce() throws Exception {
        client.value("SET", "a", "1");

        assertThat(client.value("WAITAOF", "1", "0", "0")).isEqualTo(List.of(1L, 0L));
    }

    @Test
    void waitAof_withFsyncEverySecond_waitsForIt() throws Exception {
        try (RedisNode other = RedisNode.start("node2", directory.resolve("2"), FsyncPolicy.EVERYSEC);
                RedisClient there = other.client()) {
            there.value("SET", "a", "1");

            assertThat(there.value("WAITAOF", "1", "0", "0")).isEqualTo(List.of(1L, 0L));
            there.value("SET", "a", "2");
            assertThat(there.value("SAVE")).isEqualTo("OK");
            assertThat(other.node().durableClock()).isEqualTo(other.node().clock());
        }
    }

    @Test
    void waitAof_withFsyncNever_isRefused() throws Exception {
        try (RedisNode other = RedisNode.start("node2", directory.resolve("2"), FsyncPolicy.NEVER);
                RedisClient there = other.client()) {
            there.value("SET", "a", "1");

            assertThat(there.refusal("WAITAOF", "1", "0", "0")).contains("fsync is never");
            assertThat(there.value("WAITAOF", "0", "0", "0")).isEqualTo(List.of(0L, 0L));
            assertThat(there.refusal("SAVE")).contains("fsync is never");
        }
    }

    @Test
    void role_ofEveryNode_isMaster() throws Exception {
        client.value("SET", "a", "1");

        assertThat(client.value("ROLE")).isEqualTo(List.of("master", 1L, List.of()));
        assertThat(client.value("REPLICAOF", "no", "one")).isEqualTo("OK");
        assertThat(client.refusal("REPLICAOF", "localhost", "6379")).startsWith("ERR REPLICAOF");
    }

    @Test
    void acl_ofTheOnlyUser_isTold() throws Exception {
        assertThat(client.value("ACL", "WHOAMI")).isEqualTo("default");
        assertThat(client.value("ACL", "LIST")).isEqualTo(List.of("user default on nopass ~* &* +@all"));
    }

    @Test
    void unsupported_eachOfThem_namesTheReason() throws Exception {
        for (UnsupportedCommands.Missing missing : UnsupportedCommands.ALL) {
            for (String name : missing.names()) {
                String refusal = client.refusal(name.split(" "));
                assertThat(refusal).startsWith("ERR ");
                assertThat(refusal.endsWith(missing.error()) || refusal.equals(missing.error()))
                        .as(name + ": " + refusal)
                        .isTrue();
            }
        }
        assertThat(client.refusal("CLUSTER", "INFO")).isEqualTo("ERR This instance has cluster support disabled");
        assertThat(client.refusal("EVAL", "return 1", "0")).startsWith("ERR EVAL: scripts are not supported");
    }
}
