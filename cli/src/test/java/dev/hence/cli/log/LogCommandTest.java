package dev.hence.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hence.cli.CommandRun;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of a node that wrote x, y and z in one commit, received an update of each of two nodes, and wrote x again. */
final class LogCommandTest {

    private static final long NOW = 1_750_000_000_000L;
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(1_000, 1L << 20), 1L << 20);

    @TempDir
    private Path directory;

    @BeforeEach
    void write() {
        try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS)) {
            Replica replica = new Replica(storage.recovered(), storage, LIMITS);
            List.of("x", "y", "z").forEach(key -> set(replica, key));
            commit(replica, storage);
            receive(replica, new ReplicaId("node2", 0xaaL << 56));
            receive(replica, new ReplicaId("node2", 0xbbL << 56));
            set(replica, "x\u001b");
            commit(replica, storage);
        }
    }

    private static void set(Replica replica, String key) {
        replica.write(NOW, transaction -> {
            transaction.set(Bytes.utf8(key), Bytes.utf8("value"));
            return "";
        });
    }

    private static void receive(Replica replica, ReplicaId origin) {
        Replica other = new Replica(Replica.Recovered.fresh(origin), new MemoryState(), LIMITS);
        set(other, "there");
        for (Update update : Objects.requireNonNull(other.takeChanges()).delivered()) {
            replica.receive(update, NOW);
        }
    }

    private static void commit(Replica replica, Storage storage) {
        storage.commit(Objects.requireNonNull(replica.takeChanges()), false);
    }

    private CommandRun log(String... options) {
        return CommandRun.of(Stream.concat(Stream.of("log", directory.toString()), Arrays.stream(options))
                .toArray(String[]::new));
    }

    private static JsonNode parsed(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException malformed) {
            throw new AssertionError(line, malformed);
        }
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void truncate(int bytes) throws IOException {
        byte[] content = Files.readAllBytes(segment());
        Files.write(segment(), Arrays.copyOf(content, content.length - bytes));
    }

    private void flip(int offset) throws IOException {
        byte[] content = Files.readAllBytes(segment());
        content[offset] ^= 1;
        Files.write(segment(), content);
    }

    @Test
    void log_showsSegmentsAndFrames() {
        CommandRun run = log();

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out();
        assertThat(lines.get(0)).startsWith("SEGMENT ").endsWith("CONDITION");
        assertThat(lines.get(1)).matches("0{19}\\.log +[0-9a-f]{16} +0 +6 +\\d+ +whole");
        assertThat(lines.get(3)).startsWith(" SEQUENCE  UPDATES ").endsWith("CLOCK");
        assertThat(lines.get(4))
                .matches(" +0  node1:1\\.\\.3 +2025-06-15T15:06:40\\.000Z +3 +\\d+  [0-9a-f]{8}  node1:1");
        assertThat(lines.get(5)).matches(" +3  node2~aa000000:1 .* node2~aa000000:1");
        assertThat(lines.get(6)).matches(" +4  node2~bb000000:1 .* node2~bb000000:1");
        assertThat(lines.get(7)).matches(" +5  node1:4 .* node1:4 node2~aa000000:1 node2~bb000000:1");
        assertThat(lines).hasSize(8);
    }

    @Test
    void log_updates_showsTheirOperationsWithoutControlCharacters() {
        List<String> lines = log("--updates").out();

        assertThat(lines).anyMatch(line -> line.matches(" +1    node1:2 +2025-06-15T15:06:40\\.000Z  set y"));
        assertThat(lines).anyMatch(line -> line.matches(" +5    node1:4 .* set x\\\\x1b"));
        assertThat(lines).hasSize(8 + 6);
    }

    @Test
    void log_limit_saysHowManyMore() {
        assertThat(log("--limit", "1").out()).last().isEqualTo("3 updates more: --from 3 continues");
        assertThat(log("--limit", "2", "--updates").out()).last().isEqualTo("4 updates more: --from 2 continues");
        assertThat(log("--limit", "4").out()).last().asString().contains("node1:4");
    }

    @Test
    void log_from_beginsWithTheFrameThatHoldsIt() {
        List<String> lines = log("--from", "2", "--limit", "2", "--updates").out();

        assertThat(lines.get(4)).contains("node1:1..3");
        assertThat(lines.get(5)).contains("node1:3").endsWith("set z");
        assertThat(lines.get(7)).endsWith("set there");
        assertThat(lines).last().isEqualTo("2 updates more: --from 4 continues");
    }

    @Test
    void log_fromBeyondTheEnd_showsSegmentsOnly() {
        CommandRun run = log("--from", "6");

        assertThat(run.status()).isZero();
        assertThat(run.out()).hasSize(2);
    }

    @Test
    void log_json_isOneObjectPerLine() {
        List<JsonNode> lines = log("--json", "--updates").out().stream()
                .map(LogCommandTest::parsed)
                .toList();

        assertThat(lines.getFirst().at("/segment/updates").asLong()).isEqualTo(6);
        assertThat(lines.getFirst().at("/segment/whole").asBoolean()).isTrue();
        assertThat(lines.get(1).at("/frame/updates").asInt()).isEqualTo(3);
        assertThat(lines.get(1).at("/frame/dot/replica").asText()).matches("node1~[0-9a-f]{16}");
        assertThat(lines.get(1).at("/frame/timestamp_millis").asLong()).isEqualTo(NOW);
        assertThat(lines.get(4).at("/update/sequence").asLong()).isEqualTo(2);
        assertThat(lines.get(4).at("/update/changes/0").asText()).isEqualTo("set z");
        assertThat(lines.get(lines.size() - 2).at("/update/vector_clock/node1").asLong())
                .isEqualTo(4);
        assertThat(lines.getLast().at("/end/next").asLong()).isEqualTo(6);
        assertThat(lines.getLast().at("/end/more").asLong()).isZero();
    }

    @Test
    void log_tornEnd_isShownAndNoError() throws IOException {
        truncate(3);

        CommandRun run = log();

        assertThat(run.status()).isZero();
        assertThat(run.out().get(1)).contains("whole up to byte ");
        assertThat(run.out()).last().asString().startsWith("torn end: ").contains("the next start drops them");
        assertThat(run.out()).noneMatch(line -> line.contains("node1:4"));
    }

    @Test
    void log_damage_showsWhatIsBeforeItAndFails() throws IOException {
        flip(60);

        CommandRun run = log();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().get(1)).endsWith("whole up to byte 32");
        assertThat(run.err()).contains(segment() + ": byte 32: no whole group").contains("--check");
    }

    @Test
    void check_wholeLog_isSaidInOneLine() throws IOException {
        CommandRun run = log("--check");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsExactly("whole: 6 updates in 4 frames, " + Files.size(segment()) + " bytes in 1 segment");
    }

    @Test
    void check_runningNode_isWhole() {
        try (Storage storage = DataDirectory.open(directory, "node1", "hence", FsyncPolicy.ALWAYS)) {
            assertThat(storage.recovered().self().name()).isEqualTo("node1");
            assertThat(log("--check").status()).isZero();
        }
    }

    @Test
    void check_damage_namesFileAndPlace() throws IOException {
        flip(60);

        CommandRun run = log("--check");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out().getFirst()).startsWith("damaged: " + segment() + ": byte 32: no whole group");
        JsonNode json = log("--check", "--json").json();
        assertThat(json.path("whole").asBoolean()).isFalse();
        assertThat(json.at("/problems/0/offset").asLong()).isEqualTo(32);
        assertThat(json.at("/problems/0/file").asText()).isEqualTo(segment().toString());
    }

    @Test
    void check_tornEnd_isANote() throws IOException {
        truncate(3);

        CommandRun run = log("--check");

        assertThat(run.status()).isZero();
        assertThat(run.out().getFirst()).startsWith("note: " + segment()).contains("torn end");
        assertThat(run.out().get(1)).startsWith("whole: 3 updates ");
    }

    @Test
    void log_earlierFormat_isRefused() throws IOException {
        Files.writeString(directory.resolve("FORMAT"), "4\n");

        CommandRun run = log();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("hence: data directory: " + directory + " has format 4");
    }

    @Test
    void log_noDirectory_isRefusedInOneLine() throws IOException {
        CommandRun run = CommandRun.of("log", directory.resolve("absent").toString(), "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("hence: data directory: " + directory
                        + "/absent does not exist (expected: the data directory of a node)\n");
        assertThat(run.json().at("/error/code").asText()).isEqualTo("log");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --from -1           | --from: "-1" (expected: a whole number of at least 0)
            --limit 0           | --limit: "0" (expected: a whole number of at least 1)
            --check --updates   | --updates: not with --check, which reads the whole log
            --check --from 3    | --from: not with --check, which reads the whole log
            """)
    void log_wrongArguments_areUsageErrors(String arguments, String complaint) {
        CommandRun run = log(arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(complaint);
    }
}
