package dev.hence.cli.client;

import dev.hence.client.Bytes;
import dev.hence.client.HenceClient;
import dev.hence.client.HenceException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes verbs, and keys by asking the node. */
final class KeyCompleter implements Completer {

    private static final int KEYS_MAX = 50;
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final HenceClient client;

    KeyCompleter(HenceClient client) {
        this.client = client;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        complete(line, candidates);
    }

    void complete(ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            Stream.concat(Arrays.stream(Verb.values()).map(Verb::word), Stream.of("help", "session", "exit"))
                    .map(Candidate::new)
                    .forEach(candidates::add);
        } else if (line.wordIndex() == 1 && takesKey(line.words().getFirst())) {
            keys(line.word()).map(Candidate::new).forEach(candidates::add);
        }
    }

    private static boolean takesKey(String word) {
        return Arrays.stream(Verb.values())
                .anyMatch(verb -> verb.takesKey() && verb.word().equals(word));
    }

    // A look-ahead is no reading: it leaves the session as it is. That it fails is no news while typing.
    private Stream<String> keys(String prefix) {
        try {
            return client
                    .withSession("")
                    .withDeadline(PATIENCE)
                    .scanPage(Bytes.utf8(prefix), null, KEYS_MAX)
                    .items()
                    .stream()
                    .map(item -> item.key().text())
                    .flatMap(Optional::stream);
        } catch (HenceException | IllegalArgumentException unavailable) {
            return Stream.empty();
        }
    }
}
