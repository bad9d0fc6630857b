package dev.hence.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.cli.FakeNode;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.terminal.Console;
import dev.hence.client.HenceClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShellTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeNode node;
    private HenceClient client;

    @BeforeEach
    void start() throws IOException {
        node = new FakeNode("node1");
        client = HenceClient.connect(node.url());
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void read_linesUntilExit_oneSession() throws IOException {
        assertThat(type("write greeting \"hello world\"", "read greeting", "session", "exit", "write x never"))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines())
                .containsExactly(
                        "greeting = hello world",
                        "clock [1]  node1:1",
                        "greeting = hello world",
                        "clock [1]  node1:1",
                        "session s1");
    }

    @Test
    void read_emptyLinesAndComments_passedOver() throws IOException {
        assertThat(type("", "  ", "# read x")).isEqualTo(ExitCode.OK);
        assertThat(out.toString() + err).isEmpty();
    }

    @Test
    void read_failuresInBetween_goesOnAndEndsAsTheLast() throws IOException {
        assertThat(type("raed x", "read nothing", "write \"unfinished", "write x A"))
                .isEqualTo(ExitCode.USAGE);

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("hence: raed: unknown request"),
                        line -> assertThat(line).startsWith("hence: nothing: absent"),
                        line -> assertThat(line).startsWith("hence: write \"unfinished: "));
        assertThat(out.toString()).startsWith("x = A");
    }

    @Test
    void read_help_listsEveryVerb() throws IOException {
        type("help");

        for (Verb verb : Verb.values()) {
            assertThat(out.toString()).contains(verb.usage());
        }
    }

    @Test
    void complete_firstWord_verbs() {
        assertThat(completions("re")).contains("read", "write", "delete", "scan", "status", "help", "session", "exit");
    }

    @Test
    void complete_key_keysOfTheNodeByPrefix() {
        node.hold("photo", "a cat");
        node.hold("phone", "1");
        node.hold("x", "A");

        assertThat(completions("read ph")).containsExactly("phone", "photo");
        assertThat(completions("write x A")).isEmpty();
        assertThat(completions("status ")).isEmpty();
        assertThat(client.sessionToken()).as("looking ahead is no reading").isEmpty();
    }

    @Test
    void complete_nodeGone_nothing() {
        node.close();

        assertThat(completions("read ph")).isEmpty();
    }

    @Test
    void historyFile_stateDirectory_asTheEnvironmentSays(@TempDir Path state) throws IOException {
        assertThat(HistoryFile.in(Map.of("XDG_STATE_HOME", state.toString())))
                .isEqualTo(state.resolve("hence").resolve("history"));
        assertThat(state.resolve("hence")).isDirectory();
    }

    private ExitCode type(String... lines) throws IOException {
        Console console = new Console(out, err, false, true);
        Requests requests = new Requests(client, console, false, 100);
        return new Shell(client, requests, console, false, Map.of())
                .read(new BufferedReader(new StringReader(String.join("\n", lines))));
    }

    private List<String> completions(String typed) {
        ParsedLine line = new DefaultParser().parse(typed, typed.length(), Parser.ParseContext.COMPLETE);
        List<Candidate> candidates = new ArrayList<>();
        new KeyCompleter(client).complete(line, candidates);
        return candidates.stream().map(Candidate::value).toList();
    }
}
