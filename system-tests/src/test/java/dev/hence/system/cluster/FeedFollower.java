package dev.hence.system.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A reader of a node's change feed, on its own thread, which keeps everything that it has read. */
public final class FeedFollower implements AutoCloseable {

    private final List<JsonNode> changes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final InputStream body;

    private FeedFollower(InputStream body) {
        this.body = body;
    }

    /**
     * Follows from the beginning, or from a token.
     *
     * @param query empty, or as {@code ?after=TOKEN}
     */
    public static FeedFollower of(NodeApi api, String query) throws IOException, InterruptedException {
        FeedFollower follower = new FeedFollower(api.open("/feed" + query).body());
        Thread.ofVirtual().name("feed of " + api.base()).start(follower::read);
        return follower;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    changes.add(Json.MAPPER.readTree(line));
                }
            }
            end.complete("in order");
        } catch (IOException broken) {
            end.complete("broken: " + broken);
        }
    }

    /** The changes read so far, in order. */
    public List<JsonNode> changes() {
        return List.copyOf(changes);
    }

    public int count() {
        return changes.size();
    }

    /** How the stream ended, once it has: {@code in order}, or the cause of the break. */
    public CompletableFuture<String> end() {
        return end;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
