package dev.hence.system.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.property.Eventually;
import dev.hence.system.cluster.Cluster;
import dev.hence.system.cluster.ClusterExtension;
import dev.hence.system.cluster.CommandRun;
import dev.hence.system.cluster.NodeProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command line tools of Redis, where they are installed; required in continuous integration. */
final class RedisToolsIT {

    @RegisterExtension
    final ClusterExtension clusters = new ClusterExtension();

    @BeforeEach
    void requireTools() {
        RedisPrograms.require("redis-cli", "redis-benchmark");
    }

    private static String run(NodeProcess node, String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program, "-p", String.valueOf(node.redisPort())));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }

    @Test
    void benchmark_everyTest_runsCleanAndLeavesAllNodesEqual() throws Exception {
        Cluster cluster = clusters.start(3, "--fsync", "everysec");

        String output = run(
                cluster.node(1),
                "redis-benchmark",
                "-t",
                "set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,mset",
                "-P",
                "16",
                "-n",
                "5000",
                "-r",
                "1000",
                "-q");

        assertThat(output).doesNotContainIgnoringCase("error").contains("MSET (10 keys):");
        List<String> compare = new ArrayList<>(List.of("compare"));
        cluster.nodes().forEach(node -> compare.add("localhost:" + node.port()));
        CommandRun compared = CommandRun.of(clusters.directory(), compare.toArray(String[]::new));
        assertThat(compared.status()).as("%s", compared).isZero();
        assertThat(compared.output()).startsWith("equal: ");
    }

    @Test
    void cli_bothProtocols_showsWhatRedisWould() throws Exception {
        NodeProcess node = clusters.start(1).node(1);

        assertThat(run(node, "redis-cli", "SET", "key", "value")).isEqualTo("OK\n");
        assertThat(run(node, "redis-cli", "INCR", "key")).startsWith("ERR value is not an integer or out of range");
        assertThat(run(node, "redis-cli", "LPUSH", "key", "x")).startsWith("WRONGTYPE Operation against a key");
        assertThat(run(node, "redis-cli", "HSET", "hash", "field", "1")).isEqualTo("1\n");
        assertThat(run(node, "redis-cli", "-3", "--json", "HGETALL", "hash")).isEqualTo("{\"field\":\"1\"}\n");
        assertThat(run(node, "redis-cli", "INFO", "causality")).contains("session_clock");
    }

    @Test
    void compare_nodesThatDiffer_saysWhere() throws Exception {
        NodeProcess one = clusters.start(1).node(1);
        NodeProcess other = clusters.start(1).node(1);
        run(one, "redis-cli", "SADD", "set", "x");
        run(other, "redis-cli", "SADD", "set", "y");

        CommandRun compared =
                CommandRun.of(clusters.directory(), "compare", "localhost:" + one.port(), "localhost:" + other.port());

        assertThat(compared.status()).as("%s", compared).isEqualTo(1);
        assertThat(compared.output()).contains("different: 1 of 1 keys").contains("set: localhost:" + one.port());
    }
}
