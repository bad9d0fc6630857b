package dev.hence.server;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.PeerAddress;
import dev.hence.node.config.RedisConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/**
 * Holds {@code docs/metrics.md} to what a running node answers at {@code /metrics}. To regenerate the page:
 *
 * <pre>./mvnw -q -pl server -am test -Dtest=MetricsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
 */
@Timeout(180)
final class MetricsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String HEARD = "hence_peer_heard_ago_seconds{peer=\"node2\"}";
    private static final Pattern UNIT = Pattern.compile(".*_(seconds|bytes)(_total|_max)?");
    private static final Pattern SERIES = Pattern.compile("([a-z0-9_]+)(\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    /** Nothing listens there. */
    private static final int UNUSED_PORT = 1;

    /** Before anything was asked for but the scrape; about half of them are the runtime's own. */
    private static final int SERIES_AT_REST_MAX = 150;

    @TempDir
    Path data;

    @Test
    void page_fromALiveNode_isWhatIsCommitted() throws Exception {
        String expected;
        try (HenceServer peer = HenceServer.start(alone("node2", data.resolve("peer")));
                HenceServer used = start(peer.port(), RedisConfig.on(RedisConfig.ANY));
                HttpClient client = HttpClient.newHttpClient()) {
            use(used, client);
            eventually("the peer is heard", () -> scrape(used, client).contains("\n" + HEARD));
            expected = page(scrape(used, client));
        }
        if (Boolean.getBoolean("hence.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(PAGE).exists();
        assertThat(Files.readString(PAGE))
                .as("docs/metrics.md is not what a node answers; regenerate it with -Dhence.docs.write=true")
                .isEqualTo(expected);
    }

    @Test
    void scrape_ofANodeInUse_tellsOfRedisPeersDiskAndVersion() throws Exception {
        try (HenceServer used = start();
                HttpClient client = HttpClient.newHttpClient()) {
            use(used, client);

            String metrics = scrape(used, client);

            assertThat(metrics)
                    .contains(
                            "hence_redis_commands_total{command=\"set\"} 1.0",
                            "hence_redis_commands_total{command=\"get\"} 2.0",
                            "hence_redis_keyspace_hits_total 1.0",
                            "hence_redis_keyspace_misses_total 1.0",
                            "hence_redis_errors_total{kind=\"WRONGTYPE\"} 1.0",
                            "hence_redis_connections_total 1.0",
                            "hence_redis_clients 1.0",
                            "hence_peer_connected{peer=\"node2\"} 0.0",
                            "hence_peer_updates_behind{peer=\"node2\"} 0.0",
                            "hence_build_info{")
                    .contains("java=\"" + Runtime.version() + "\"");
            assertThat(value(metrics, "hence_redis_received_bytes_total")).isPositive();
            assertThat(value(metrics, "hence_redis_sent_bytes_total")).isPositive();
            assertThat(value(metrics, "hence_disk_bytes")).isGreaterThan(value(metrics, "hence_disk_free_bytes"));
            assertThat(value(metrics, "hence_disk_free_bytes")).isPositive();
            assertThat(value(metrics, "hence_data_bytes")).isPositive();
            assertThat(value(metrics, "hence_log_bytes")).isPositive();
        }
    }

    @Test
    void scrape_ofAFreshNode_hasFewSeriesAndNoneTwice() throws Exception {
        try (HenceServer fresh = start();
                HttpClient client = HttpClient.newHttpClient()) {
            List<String> series = scrape(fresh, client)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.substring(0, line.lastIndexOf(' ')))
                    .toList();

            assertThat(series).doesNotHaveDuplicates().hasSizeLessThan(SERIES_AT_REST_MAX);
            assertThat(series).contains("process_cpu_seconds_total").noneMatch(name -> name.contains("_ns_"));
            assertThat(series)
                    .filteredOn(name -> name.startsWith("hence_commit_seconds"))
                    .hasSizeLessThan(12);
        }
    }

    @Test
    void scrape_ofANodeWithoutRedis_tellsNothingOfRedis() throws Exception {
        try (HenceServer plain = start(UNUSED_PORT, RedisConfig.NONE);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(scrape(plain, client)).doesNotContain("hence_redis_").contains("hence_ready ");
        }
    }

    @Test
    void scrape_afterCountersAreSetToZero_hasNoCommandsButThatOne() throws Exception {
        try (HenceServer node = start();
                HttpClient client = HttpClient.newHttpClient();
                Connection redis = new Connection(new HostAndPort("127.0.0.1", node.redisPort()))) {
            redis.executeCommand(new CommandArguments(Command.GET).add("absent"));
            eventually(
                    "the command is counted",
                    () -> value(scrape(node, client), "hence_redis_keyspace_misses_total") == 1);

            redis.executeCommand(new CommandArguments(Command.CONFIG).add("RESETSTAT"));

            String metrics = scrape(node, client);
            assertThat(metrics).doesNotContain("command=\"get\"");
            assertThat(value(metrics, "hence_redis_keyspace_misses_total")).isZero();
        }
    }

    private static NodeConfig alone(String name, Path data) {
        return NodeConfig.alone(name, data).with(FsyncPolicy.NEVER).with(Limits.DEFAULT.withDiskFreeBytesMin(0));
    }

    private HenceServer start() throws IOException {
        return start(UNUSED_PORT, RedisConfig.on(RedisConfig.ANY));
    }

    private HenceServer start(int peerPort, RedisConfig redis) throws IOException {
        NodeConfig config = alone("node1", data.resolve("node"))
                .withPeers(List.of(new PeerAddress("node2", "127.0.0.1", peerPort)));
        return HenceServer.start(config.with(redis));
    }

    /** Something of everything, so that series which appear with their first use do. */
    private static void use(HenceServer node, HttpClient client) throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/kv/x"))
                        .GET()
                        .build(),
                BodyHandlers.discarding());
        Socket redis = new Socket(InetAddress.getLoopbackAddress(), node.redisPort());
        redis.setSoTimeout(30_000);
        redis.getOutputStream()
                .write("SET k v\r\nGET k\r\nGET absent\r\nLPUSH k v\r\n".getBytes(StandardCharsets.US_ASCII));
        String expected = "+OK\r\n$1\r\nv\r\n$-1\r\n-WRONGTYPE";
        assertThat(new String(redis.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII))
                .isEqualTo(expected);
        eventually("the batch is counted", () -> value(scrape(node, client), "hence_redis_sent_bytes_total") > 0);
    }

    private static String scrape(HenceServer node, HttpClient client) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/metrics"))
                                .GET()
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static double value(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    /** What is known of a family of series. */
    private record Family(String type, String help, Set<String> labels) {}

    private static String page(String metrics) {
        Map<String, String> helps = new TreeMap<>();
        Map<String, Family> families = new TreeMap<>();
        Set<String> others = new TreeSet<>();
        for (String line : metrics.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                if (words[2].startsWith("hence_")) {
                    families.put(
                            words[2], new Family(words[3], helps.getOrDefault(words[2], ""), new LinkedHashSet<>()));
                } else {
                    others.add(words[2].substring(0, words[2].indexOf('_')));
                }
            } else {
                addLabels(line, families);
            }
        }
        String rows = families.entrySet().stream()
                .map(family -> "| `%s` | %s | %s | %s | %s |\n"
                        .formatted(
                                family.getKey(),
                                family.getValue().type(),
                                String.join(", ", family.getValue().labels()),
                                unit(family.getKey()),
                                family.getValue().help()))
                .collect(Collectors.joining());
        String prefixes = others.stream().map(prefix -> "`" + prefix + "_`").collect(Collectors.joining(", "));
        return HEAD + rows + "\nIn addition there are the usual metrics of the Java runtime and the process: "
                + prefixes + ".\n";
    }

    private static String unit(String name) {
        Matcher unit = UNIT.matcher(name);
        return unit.matches() ? unit.group(1) : "";
    }

    private static void addLabels(String line, Map<String, Family> families) {
        Matcher series = SERIES.matcher(line);
        if (!series.matches() || series.group(3) == null) {
            return;
        }
        String name = series.group(1).replaceAll("_(bucket|count|sum)$", "");
        Family family = families.get(families.containsKey(series.group(1)) ? series.group(1) : name);
        if (family != null) {
            Matcher label = LABEL.matcher(series.group(3));
            while (label.find()) {
                if (!label.group(1).equals("le")) {
                    family.labels().add(label.group(1));
                }
            }
        }
    }

    private static final String HEAD = """
            # Metrics

            `GET /metrics` returns the metrics in the Prometheus text format. Units are seconds and bytes; names that end in
            `_total` are counters. A series of a route, command, error or peer appears when it first has a value. The number of
            series is bounded by the number of routes and status classes, commands, kinds of errors and members.

            `hence_peer_heard_ago_seconds` appears when a peer is first heard of, `hence_redis_*` if the node serves the Redis
            protocol. A restart resets all counters; `CONFIG RESETSTAT` resets those of Redis clients. The mean time of a
            command is `rate(hence_redis_command_seconds_total[5m]) / rate(hence_redis_commands_total[5m])`.

            A test generates this page from the metrics of a running node.

            | name | type | labels | unit | meaning |
            |---|---|---|---|---|
            """;
}
