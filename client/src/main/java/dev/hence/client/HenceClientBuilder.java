package dev.hence.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The settings of a {@link HenceClient}. Not thread-safe; every setter returns the builder itself. */
public final class HenceClientBuilder {

    private final List<URI> nodes = new ArrayList<>();
    private String sessionToken = "";
    private Duration deadline = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(1);
    private Duration feedSilenceMax = Duration.ofSeconds(15);
    private int roundsMax = Integer.MAX_VALUE;
    private int answerBytesMax = 64 << 20;

    HenceClientBuilder() {}

    /**
     * Adds nodes, the nearest first: a call goes to the first one unless that failed a moment ago.
     *
     * @param urls as {@code http://localhost:5001}; without a scheme, http is meant
     * @throws IllegalArgumentException if one is not the URL of a node
     */
    public HenceClientBuilder nodes(String... urls) {
        return nodes(List.of(urls));
    }

    /** The same for a list. */
    public HenceClientBuilder nodes(List<String> urls) {
        for (String url : urls) {
            nodes.add(Node.baseOf(url));
        }
        return this;
    }

    /**
     * The session to continue, as {@link HenceClient#sessionToken} gave it. Default: a new one.
     *
     * @throws IllegalArgumentException if the text cannot be one
     */
    public HenceClientBuilder sessionToken(String token) {
        Session.of(token);
        sessionToken = token;
        return this;
    }

    /** How long a call may take in all: connecting, waiting, failing over. Default 10 seconds. */
    public HenceClientBuilder deadline(Duration deadline) {
        this.deadline = positive("deadline", deadline);
        return this;
    }

    /** How long to wait for a connection before trying the next node. Default 1 second. */
    public HenceClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = positive("connectTimeout", timeout);
        return this;
    }

    /**
     * How often a call may go round all nodes before it gives up, even when its deadline has not passed. 1
     * asks each node once: right for a command that a person waits for. Default: until the deadline.
     */
    public HenceClientBuilder roundsMax(int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("roundsMax: " + rounds + " (expected: at least 1)");
        }
        this.roundsMax = rounds;
        return this;
    }

    /** The largest answer, and line of a change feed, to take into memory, in bytes. Default 64 MiB. */
    public HenceClientBuilder answerBytesMax(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("answerBytesMax: " + bytes + " (expected: at least 1)");
        }
        this.answerBytesMax = bytes;
        return this;
    }

    /**
     * After how long without a byte a change feed counts as dead and is continued at another node. Nodes
     * send an empty line every few seconds. Default 15 seconds.
     */
    public HenceClientBuilder feedSilenceMax(Duration silence) {
        this.feedSilenceMax = positive("feedSilenceMax", silence);
        return this;
    }

    /**
     * The client. Nothing is connected yet.
     *
     * @throws IllegalArgumentException if no node was given
     */
    public HenceClient build() {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes: none (expected: at least one URL)");
        }
        Settings settings = new Settings(deadline, connectTimeout, feedSilenceMax, roundsMax, answerBytesMax);
        return new HenceClient(new Failover(new Nodes(nodes), settings), Session.of(sessionToken), deadline, true);
    }

    static Duration positive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0)");
        }
        return duration;
    }

    /** What the builder was told. */
    record Settings(
            Duration deadline, Duration connectTimeout, Duration feedSilenceMax, int roundsMax, int answerBytesMax) {}
}
