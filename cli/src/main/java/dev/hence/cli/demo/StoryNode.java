package dev.hence.cli.demo;

import dev.hence.cli.terminal.BytesText;
import dev.hence.client.Bytes;
import dev.hence.client.Change;
import dev.hence.client.ChangeFeed;
import dev.hence.client.HenceClient;
import dev.hence.client.NodeStatus;
import dev.hence.client.Operation;
import dev.hence.client.Siblings.Sibling;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running node, as the story sees it. Everything here is without a session: it shows what the node shows
 * to anyone at this moment. Thread-safe.
 */
public final class StoryNode {

    private final String name;
    private final HenceClient client;
    private final LabClient lab;

    StoryNode(String name, HenceClient client, LabClient lab) {
        this.name = name;
        this.client = client;
        this.lab = lab;
    }

    /** Its name, as it says itself. */
    public String name() {
        return name;
    }

    /** Where it listens. */
    public URI url() {
        return client.nodes().getFirst();
    }

    /** What its readers see. */
    public Map<String, Long> clock() {
        return client.status().vectorClock();
    }

    /** What it says of itself. */
    public NodeStatus status() {
        return client.status();
    }

    /** The value that it shows; empty if the key is absent. */
    public Optional<String> value(String key) {
        return client.withSession("").get(key).map(value -> BytesText.shown(value.value()));
    }

    /** The value that it shows and then those written concurrently; empty if the key is absent. */
    public List<String> values(String key) {
        return client.withSession("")
                .siblings(key)
                .map(siblings -> siblings.values().stream()
                        .map(Sibling::value)
                        .map(BytesText::shown)
                        .toList())
                .orElse(List.of());
    }

    /** A token that stands for what it shows now. */
    String presentToken() {
        HenceClient visitor = client.withSession("");
        visitor.scanPage(Bytes.EMPTY, null, 1);
        return visitor.sessionToken();
    }

    /** The keys that changed since a token, in the order in which this node delivered the changes. */
    List<String> keysChangedSince(String token) {
        List<String> keys = new ArrayList<>();
        try (ChangeFeed feed = client.withSession("").changesUntilNow(token)) {
            while (feed.hasNext()) {
                Change change = feed.next();
                change.operations().stream()
                        .map(Operation::key)
                        .map(BytesText::shown)
                        .forEach(keys::add);
            }
        }
        return keys;
    }

    HenceClient client() {
        return client;
    }

    LabClient lab() {
        return lab;
    }
}
