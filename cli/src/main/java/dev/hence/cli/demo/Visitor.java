package dev.hence.cli.demo;

import dev.hence.cli.terminal.BytesText;
import dev.hence.client.BatchResult;
import dev.hence.client.HenceClient;
import dev.hence.client.Operation;
import java.time.Duration;
import java.util.Optional;

/**
 * Somebody who reads and writes at one node after another and carries the session along. Not thread-safe.
 */
final class Visitor {

    /** How long a node may take to get what the visitor has seen elsewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
        return read(node, key, PATIENCE);
    }

    /** Reads; the node waits for so long. */
    Optional<String> read(StoryNode node, String key, Duration patience) {
        HenceClient client = at(node, patience);
        Optional<String> value = client.get(key).map(found -> BytesText.shown(found.value()));
        token = client.sessionToken();
        return value;
    }

    private HenceClient at(StoryNode node, Duration patience) {
        return node.client().withSession(token).withDeadline(patience);
    }
}
