package dev.hence.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryFileTest {
    private static final Transaction READ = new Transaction(
            "s1",
            Status.OK,
            "node2",
            1200,
            3400L,
            List.of(new Access("x", "17"), new Access("y\n\"é", null)),
            List.of());
    private static final Transaction LOST = new Transaction(
            "s1",
            Status.UNKNOWN,
            "node1",
            3500,
            null,
            List.of(),
            List.of(new Access("x", "18"), new Access("z", null)));

    @Test
    void line_ofARead_isAsDocumented() {
        assertThat(HistoryFile.line(READ))
                .isEqualTo("{\"session\":\"s1\",\"status\":\"ok\",\"node\":\"node2\",\"start\":1200,\"end\":3400,"
                        + "\"reads\":[[\"x\",\"17\"],[\"y\\n\\\"é\",null]],\"writes\":[]}");
    }

    @Test
    void line_ofUnknownOutcome_hasNoEnd() {
        assertThat(HistoryFile.line(LOST))
                .isEqualTo("{\"session\":\"s1\",\"status\":\"unknown\",\"node\":\"node1\",\"start\":3500,"
                        + "\"reads\":[],\"writes\":[[\"x\",\"18\"],[\"z\",null]]}");
    }

    @Test
    void read_whatWasWritten_isTheSame(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        try (HistoryWriter writer = new HistoryWriter(file)) {
            writer.accept(READ);
            writer.accept(LOST);
        }
        assertThat(HistoryFile.read(file)).containsExactly(READ, LOST);
    }

    @Test
    void read_historyOfACausalStore_isTheSame(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        List<Transaction> history = CausalStore.history(1, new CausalStore.Mix(3, 5, 4, 0.3, 0.1, 0.5, 3), 500);
        try (HistoryWriter writer = new HistoryWriter(file)) {
            history.forEach(writer);
        }
        assertThat(HistoryFile.read(file)).isEqualTo(history);
    }

    @Test
    void read_exampleOfTheDocumentation_isAHistoryThatHolds(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        Files.write(
                file,
                Files.readAllLines(Path.of("..", "docs", "histories.md")).stream()
                        .filter(line -> line.startsWith("{"))
                        .toList());
        assertThat(HistoryFile.read(file)).hasSize(4);
        assertThat(HistoryChecker.check(HistoryFile.read(file))).isEqualTo(new Verdict.Holds(6));
    }

    @Test
    void read_malformedLine_namesFileAndLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        Files.writeString(file, HistoryFile.line(READ) + "\n\n{\"session\":1}\n");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> HistoryFile.read(file))
                .withMessage(file + ", line 3: session: 1 (expected: a string)");
    }

    @Test
    void parse_membersThatAreNotKnown_arePassedOver() {
        assertThat(HistoryFile.parse(HistoryFile.line(READ).replace("{\"session\"", "{\"more\":[1],\"session\"")))
                .isEqualTo(READ);
    }

    @Test
    void parse_wrongMembers_areNamed() {
        assertWrong("\"ok\"", "\"lost\"", "status: \"lost\" (expected: ok or unknown)");
        assertWrong("1200", "1.5", "start: 1.5 (expected: a number of microseconds)");
        assertWrong("\"node\":\"node2\",", "", "node: missing (expected: a string)");
        assertWrong("[\"x\",\"17\"]", "[\"x\",17]", "reads: [\"x\",17] (expected: [key, value]");
        assertWrong("[\"x\",\"17\"]", "[\"x\"]", "reads: [\"x\"] (expected: [key, value]");
        assertWrong("\"writes\":[]", "\"writes\":{}", "writes: {} (expected: an array of [key, value])");
        assertWrong("}", "", "transaction: Unexpected end-of-input");
    }

    private static void assertWrong(String part, String wrong, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HistoryFile.parse(HistoryFile.line(READ).replace(part, wrong)))
                .withMessageContaining(message);
    }
}
