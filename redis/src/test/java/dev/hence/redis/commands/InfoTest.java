package dev.hence.redis.commands;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The sections of INFO. */
final class InfoTest extends ConnectedTest {

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

    private static double number(Map<String, String> info, String name) {
        return Double.parseDouble(info.get(name));
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
}
