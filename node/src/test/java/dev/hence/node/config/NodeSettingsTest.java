package dev.hence.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hence.core.replication.ReadyWhen;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeSettingsTest {

    private static final Map<String, String> NOTHING = Map.of();

    @TempDir
    private Path directory;

    @Test
    void read_nothingSaid_defaultsWithHostName() throws Exception {
        NodeConfig config =
                NodeSettings.read(NOTHING, NOTHING, Optional.of("dolphin")).config();

        assertThat(config)
                .isEqualTo(NodeConfig.alone("dolphin", Path.of("data", "dolphin"))
                        .at("0.0.0.0", 5000)
                        .with(RedisConfig.on(6379)));
    }

    @Test
    void read_hostNameUnusable_nodeIdRequired() {
        for (Optional<String> hostName :
                List.of(Optional.<String>empty(), Optional.of("localhost"), Optional.of("bad name"))) {
            assertThat(refused(NOTHING, NOTHING, hostName))
                    .containsExactly("node-id: not given (expected: a name, because this machine's"
                            + " host name is not a valid one; for example --node-id node1)");
        }
    }

    @Test
    void read_environmentOfTheOriginalSystem_isUnderstood() throws Exception {
        NodeConfig config = read(NOTHING, Map.of("NODE_ID", "node1", "PEERS", "node2:5000,node3:5000"));

        assertThat(config.nodeId()).isEqualTo("node1");
        assertThat(config.dataDir()).isEqualTo(Path.of("data", "node1"));
        assertThat(config.peers())
                .containsExactly(new PeerAddress(null, "node2", 5000), new PeerAddress(null, "node3", 5000));
    }

    @Test
    void read_everySettingInEverySource_reachesTheConfig() throws Exception {
        Map<Setting<?>, String> said = Map.ofEntries(
                Map.entry(Settings.NODE_ID, "n"),
                Map.entry(Settings.PEERS, "a=[::1]:1,b"),
                Map.entry(Settings.HOST, "[::]"),
                Map.entry(Settings.PORT, "1"),
                Map.entry(Settings.REDIS_PORT, "2"),
                Map.entry(Settings.REDIS_PASSWORD, "p"),
                Map.entry(Settings.REDIS_CLIENTS_MAX, "3"),
                Map.entry(Settings.REDIS_IDLE_SECONDS, "4"),
                Map.entry(Settings.REDIS_REQUEST_SECONDS, "5"),
                Map.entry(Settings.REDIS_UNREAD_SECONDS, "6"),
                Map.entry(Settings.CLUSTER, "c"),
                Map.entry(Settings.DATA, "d"),
                Map.entry(Settings.FSYNC, "EverySec"),
                Map.entry(Settings.LAB, "on"),
                Map.entry(Settings.LOG_LEVEL, "debug"),
                Map.entry(Settings.LOG_UPDATES, "1"),
                Map.entry(Settings.KEY_BYTES_MAX, "2"),
                Map.entry(Settings.VALUE_BYTES_MAX, "3"),
                Map.entry(Settings.BODY_BYTES_MAX, "2 KiB"),
                Map.entry(Settings.HEADER_BYTES_MAX, "11KiB"),
                Map.entry(Settings.UPDATE_BYTES_MAX, "4 kib"),
                Map.entry(Settings.CONNECTIONS_MAX, "12"),
                Map.entry(Settings.BUFFER_UPDATES_MAX, "13"),
                Map.entry(Settings.BUFFER_BYTES_MAX, "1 GiB"),
                Map.entry(Settings.DISK_FREE_BYTES_MIN, "0"),
                Map.entry(Settings.CLOCK_AHEAD_SECONDS_MAX, "7"),
                Map.entry(Settings.LOG_BYTES_MAX, "10 GiB"),
                Map.entry(Settings.LOG_AGE_MAX, "36h"),
                Map.entry(Settings.MEMORY, "2 GiB"),
                Map.entry(Settings.READY_WHEN, "all-peers"));
        NodeConfig expected = new NodeConfig(
                "n",
                List.of(new PeerAddress("a", "::1", 1), new PeerAddress("b", "b", 5000))
                        .subList(0, 1),
                "::",
                1,
                Path.of("d"),
                FsyncPolicy.EVERYSEC,
                "c",
                true,
                true,
                new Limits(2, 3, 2048, 11 << 10, 4096, 12, 13, 1 << 30, 0, 7),
                new LogLimits(512L << 20, 10L << 30, Duration.ofHours(36).toMillis()),
                new RedisConfig(2, "p", 3, Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(6)),
                ReadyWhen.ALL_PEERS);

        Map<String, String> flags = new HashMap<>();
        Map<String, String> variables = new HashMap<>();
        StringBuilder lines = new StringBuilder();
        said.forEach((setting, text) -> {
            flags.put(setting.key(), text);
            variables.put(setting.variable(), text);
            lines.append(setting.key()).append(" = ").append(text).append('\n');
        });
        Map<String, String> file = Map.of("config", file(lines.toString()).toString());

        assertThat(said.keySet()).hasSize(Settings.ALL.size() - 1);
        for (NodeConfig config : List.of(read(flags, NOTHING), read(NOTHING, variables), read(file, NOTHING))) {
            assertThat(config)
                    .usingRecursiveComparison()
                    .ignoringFields("peers")
                    .isEqualTo(expected);
            assertThat(config.peers())
                    .containsExactly(new PeerAddress("a", "::1", 1), new PeerAddress(null, "b", 5000));
        }
    }

    @Test
    void read_sameSettingInAllSources_flagThenEnvironmentThenFile() throws Exception {
        String path = file("port = 3\nhost = file\ncluster = file\n").toString();
        NodeSettings settings = NodeSettings.read(
                Map.of("port", "1"),
                Map.of("PORT", "2", "HOST", "variable", "HENCE_CONFIG", path, "NODE_ID", "n"),
                Optional.empty());

        assertThat(settings.config().port()).isEqualTo(1);
        assertThat(settings.config().host()).isEqualTo("variable");
        assertThat(settings.config().clusterName()).isEqualTo("file");
        assertThat(settings.effective().origin(Settings.PORT)).isEqualTo(new Origin.Flag("--port"));
        assertThat(settings.effective().origin(Settings.HOST)).isEqualTo(new Origin.Environment("HOST"));
        assertThat(settings.effective().origin(Settings.CLUSTER)).isEqualTo(new Origin.ConfigFile(Path.of(path)));
        assertThat(settings.effective().origin(Settings.FSYNC)).isEqualTo(new Origin.Default());
    }

    @Test
    void read_emptyVariable_countsAsAbsent() throws Exception {
        assertThat(read(NOTHING, Map.of("PORT", "", "NODE_ID", "n")).port()).isEqualTo(5000);
    }

    @Test
    void read_manyWrongValues_allReportedWithKeyValueOriginAndExpectation() throws Exception {
        Path path = file("fsync = sometimes\nkey-bytes-max = 64KB\n");

        assertThat(refused(
                        Map.of("port", "99999", "redis-port", "-1", "config", path.toString()),
                        Map.of("NODE_ID", "-n", "LAB", "maybe", "CLUSTER_NAME", "a b"),
                        Optional.of("dolphin")))
                .containsExactly(
                        "node-id: \"-n\", from environment variable NODE_ID (expected: 1 to 64 of A-Z a-z 0-9 . _ -,"
                                + " not beginning with . or -)",
                        "port: \"99999\", from --port (expected: a number, 0 to 65535)",
                        "cluster: \"a b\", from environment variable CLUSTER_NAME (expected: 1 to 64 of A-Z a-z 0-9 ."
                                + " _ -)",
                        "redis-port: \"-1\", from --redis-port (expected: a number, 0 to 65535)",
                        "fsync: \"sometimes\", from file " + path + " (expected: always, everysec, never)",
                        "lab: \"maybe\", from environment variable LAB (expected: true or false)",
                        "key-bytes-max: \"64KB\", from file " + path
                                + " (expected: bytes, plain or in KiB, MiB or GiB, 1 to 65535)");
    }

    @Test
    void read_unknownKeysInFile_refusedWithNearMiss() throws Exception {
        Path path = file("prot = 1\nNODE_ID = x\nlogupdates = true\nconfig = other\ncolour = blue\n");

        assertThat(refused(Map.of("config", path.toString()), NOTHING, Optional.of("dolphin")))
                .containsExactly(
                        "prot: unknown, from file " + path + " (expected: the key of a setting; did you mean port?)",
                        "NODE_ID: unknown, from file " + path
                                + " (expected: the key of a setting; did you mean node-id?)",
                        "logupdates: unknown, from file " + path
                                + " (expected: the key of a setting; did you mean log-updates?)",
                        "config: unknown, from file " + path
                                + " (expected: the key of a setting; `hence serve --help` lists them)",
                        "colour: unknown, from file " + path
                                + " (expected: the key of a setting; `hence serve --help` lists them)");
    }

    @Test
    void read_keyTwiceInFile_refused() throws Exception {
        Path path = file("port = 1\nport = 2\n");

        assertThat(refused(Map.of("config", path.toString()), NOTHING, Optional.of("dolphin")))
                .containsExactly("port: given twice, from file " + path + " (expected: one line per setting)");
    }

    @Test
    void read_fileMissingOrMalformed_refused() throws Exception {
        Path missing = directory.resolve("missing");
        Path malformed = file("port = \\u00zz\n");

        assertThat(refused(NOTHING, Map.of("HENCE_CONFIG", missing.toString()), Optional.of("dolphin")))
                .containsExactly("config: \"" + missing
                        + "\", from environment variable HENCE_CONFIG (expected: a file that exists)");
        assertThat(refused(Map.of("config", malformed.toString()), NOTHING, Optional.of("dolphin")))
                .singleElement()
                .asString()
                .startsWith("config: \"" + malformed
                        + "\", from --config (expected: a readable file of `key = value` lines in UTF-8; ");
        assertThat(refused(Map.of("config", directory.toString()), NOTHING, Optional.of("dolphin")))
                .singleElement()
                .asString()
                .startsWith("config: \"" + directory + "\", from --config (expected: a readable file");
    }

    @Test
    void read_limitsThatContradict_refusedWithBothOrigins() {
        assertThat(refused(
                        Map.of("body-bytes-max", "1 MiB", "buffer-bytes-max", "8MiB"), NOTHING, Optional.of("dolphin")))
                .containsExactly(
                        "body-bytes-max: 1 MiB, from --body-bytes-max (expected: at least value-bytes-max (8 MiB,"
                                + " default))",
                        "buffer-bytes-max: 8 MiB, from --buffer-bytes-max (expected: at least update-bytes-max (16 MiB,"
                                + " default))");
        assertThat(refused(Map.of(), Map.of("HENCE_UPDATE_BYTES_MAX", "8388608"), Optional.of("dolphin")))
                .containsExactly("update-bytes-max: 8 MiB, from environment variable HENCE_UPDATE_BYTES_MAX (expected:"
                        + " at least key-bytes-max (65535, default) plus value-bytes-max (8 MiB, default))");
    }

    @Test
    void table_valuesAndOrigins_aligned() throws Exception {
        NodeSettings settings =
                NodeSettings.read(Map.of("node-id", "node1"), Map.of("PEERS", "a=h:1, [::1]:2"), Optional.empty());

        assertThat(settings.effective().table())
                .contains(
                        "setting                  value          from",
                        "node-id                  node1          --node-id",
                        "peers                    a=h:1,[::1]:2  environment variable PEERS",
                        "data                     data/node1     default",
                        "value-bytes-max          8 MiB          default")
                .hasSize(1 + Settings.ALL.size());
    }

    private static NodeConfig read(Map<String, String> flags, Map<String, String> environment) throws Exception {
        return NodeSettings.read(flags, environment, Optional.empty()).config();
    }

    private static List<String> refused(
            Map<String, String> flags, Map<String, String> environment, Optional<String> hostName) {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class, () -> NodeSettings.read(flags, environment, hostName));
        return refused.problems().stream()
                .map(ConfigurationException.Problem::toString)
                .toList();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "hence", ".properties"), content);
    }
}
