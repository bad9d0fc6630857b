package dev.hence.simulator.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares the text diagrams with reviewed files. To rewrite the files:
 *
 * <pre>./mvnw -q -pl simulator -am test -Dtest=SpaceTimeTextTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
 */
final class SpaceTimeTextTest {
    private static final Path DIAGRAMS = Path.of("src", "test", "resources", "dev", "hence", "simulator", "diagram");

    @ParameterizedTest
    @EnumSource(HandmadeTraces.class)
    void draw_handmadeTrace_isWhatIsCommitted(HandmadeTraces trace) throws IOException {
        assertCommitted(fileName(trace) + ".txt", new SpaceTimeText().draw(trace.story()));
    }

    @Test
    void draw_inAscii_isWhatIsCommitted() throws IOException {
        String text = new SpaceTimeText(100, Alphabet.ASCII).draw(HandmadeTraces.CUT_SESSION.story());

        assertThat(text).matches("[ -~\n]*");
        assertCommitted("cut-session-ascii.txt", text);
    }

    @Test
    void draw_sevenNodes_isWhatIsCommitted() throws IOException {
        assertCommitted("seven-nodes.txt", new SpaceTimeText().draw(HandmadeTraces.sevenNodes(null)));
    }

    private static String fileName(HandmadeTraces trace) {
        return trace.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void assertCommitted(String name, String diagram) throws IOException {
        Path file = DIAGRAMS.resolve(name);
        if (Boolean.getBoolean("hence.docs.write")) {
            Files.createDirectories(DIAGRAMS);
            Files.writeString(file, diagram);
        }

        assertThat(diagram)
                .as(
                        "%s is not what is drawn; read the difference, and write it again with -Dhence.docs.write=true",
                        name)
                .isEqualTo(Files.readString(file));
    }
}
