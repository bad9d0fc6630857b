package dev.hence.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Executes the stories under {@code src/test/resources/scenarios}, one test each.
 *
 * <p>A story is a text file. Its first line is a comment that states the fact that the story demonstrates; {@code #} at
 * the beginning of a line is a comment, and every other line is one step:
 *
 * <pre>
 * nodes alice bob                              the nodes; the first step
 * nodes alice bob with buffers of 2 updates    of each origin, instead of a thousand
 * the clock of bob is 30 s ahead               or behind; clocks otherwise agree, and advance one second per step
 *
 * alice sets photo=beach title=Sea             a transaction; it is the update alice#1
 * alice sets x=1, deletes y, sets x=2          a transaction of several edits, in their order
 *
 * bob receives alice#1                         it arrives, and is delivered or buffered
 * bob receives alice#1 and drops it            it is a duplicate
 * bob receives alice#3 and refuses it          the buffer is full
 * bob receives alice#1 and must renew          it shows that bob has lost an update of its own
 * bob receives everything                      all updates, in the order in which they were made
 *
 * bob shows photo=beach                        the value, without siblings
 * bob shows title=Sea beside Beach Sand        the value and its siblings, newest first
 * bob shows photo absent
 * bob holds alice#2 waiting for alice#1        one of the buffered updates
 * bob holds nothing
 * bob has clock alice=1 bob=2                  counters, summed over the incarnations of a name; or: empty
 *
 * bob restarts                                 with its stored state; the buffer is lost
 * bob takes a new incarnation
 * bob forgets bob#2                            restarts from the state stored before that update
 * bob loses his disk                           restarts with nothing, under a new incarnation; or: her, its
 * </pre>
 *
 * <p>Updates are numbered per node name in the order in which they were made, across incarnations. {@code everyone}
 * stands for each node in turn. Every step is stored at once.
 */
final class ScenarioTest {

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException, URISyntaxException {
        URI folder = ScenarioTest.class.getResource("/scenarios").toURI();
        List<Path> files;
        try (Stream<Path> listed = Files.list(Path.of(folder))) {
            files = listed.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream().map(file -> DynamicTest.dynamicTest(title(file), file.toUri(), () -> tell(file)));
    }

    @Test
    void tell_stepThatDoesNotHold_saysWhichLineAndWhy() {
        assertThatThrownBy(() -> Scenario.tell(List.of("nodes alice", "", "alice shows x=1")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("line 3: alice shows x=1");
    }

    @Test
    void tell_stepThatIsNotUnderstood_saysSo() {
        assertThatThrownBy(() -> Scenario.tell(List.of("nodes alice", "alice dances")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("line 2: alice dances")
                .hasMessageContaining("not understood");
        assertThatThrownBy(() -> Scenario.tell(List.of("nodes alice", "bob restarts")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no node is called bob");
    }

    private static String title(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElseThrow().substring("# ".length());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void tell(Path file) throws IOException {
        Scenario.tell(Files.readAllLines(file));
    }
}
