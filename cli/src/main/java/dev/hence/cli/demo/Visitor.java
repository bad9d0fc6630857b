package dev.hence.cli.demo;

import dev.hence.cli.terminal.BytesText;
import dev.hence.client.BatchResult;
import dev.hence.client.DefiniteException;
import dev.hence.client.Dot;
import dev.hence.client.HenceClient;
import dev.hence.client.Operation;
import dev.hence.client.SessionBehindException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A client that reads and writes at one node after another and carries its session along. Not thread-safe.
 */
final class Visitor {

    /** How long a node may take to get what the visitor has seen elsewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PATIENCE_SHORT = Duration.ofMillis(300);

    private String token = "";

    /** Writes; the node waits until it has what the visitor has seen. */
    BatchResult write(StoryNode node, String key, String value) {
        HenceClient client = at(node, PATIENCE);
        BatchResult written = client.batch(Operation.put(key, value));
        token = client.sessionToken();
        return written;
    }

    /** Reads; the node waits until it has what the visitor has seen. */
    Optional<String> read(StoryNode node, String key) {
        HenceClient client = at(node, PATIENCE);
        Optional<String> value = client.get(key).map(found -> BytesText.shown(found.value()));
        token = client.sessionToken();
        return value;
    }

    /**
     * What a node lacks of what the visitor has seen, as it says when it is asked to read a key. It is given
     * little time at first, and more if it was too slow even to say that.
     *
     * @return nothing if it reads the key
     */
    List<Dot> missingAt(StoryNode node, String key) {
        Duration patience = PATIENCE_SHORT;
        while (true) {
            try (HenceClient client = HenceClient.builder()
                    .nodes(node.url().toString())
                    .sessionToken(token)
                    .deadline(patience)
                    .roundsMax(1)
                    .build()) {
                client.get(key);
                return List.of();
            } catch (SessionBehindException behind) {
                return behind.missing();
            } catch (DefiniteException slow) {
                patience = patience.multipliedBy(2);
                if (patience.compareTo(PATIENCE) > 0) {
                    throw slow;
                }
            }
        }
    }

    private HenceClient at(StoryNode node, Duration patience) {
        return node.client().withSession(token).withDeadline(patience);
    }
}
