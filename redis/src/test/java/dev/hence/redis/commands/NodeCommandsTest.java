package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The commands about the node, other than INFO and WAIT. */
final class NodeCommandsTest extends ConnectedTest {

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
