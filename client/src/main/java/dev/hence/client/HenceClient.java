package dev.hence.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of a Hence cluster: it knows several nodes, carries one session, and moves to another node when
 * one fails.
 *
 * <p><b>Session.</b> Every call carries what all finished calls of this object have seen. So, at whichever
 * node a call ends up, it reads the session's own writes, never goes back in time, and writes after what
 * was read. {@link #withSession} begins another session on the same connections; {@link #sessionToken}
 * hands one over to another process.
 *
 * <p><b>Failover.</b> A read is tried at one node after another until one answers or the deadline has
 * passed. A write moves on only when it certainly did not happen at the node before: it could not be sent,
 * or the node refused it because of its own state (behind the session, starting, disk full). A write that
 * may have happened is never repeated; it ends in an {@link IndefiniteException}.
 *
 * <p><b>Deadline.</b> A call takes no longer than its deadline, everything included; {@link #withDeadline}
 * sets another one for single calls: {@code client.withDeadline(Duration.ofMillis(200)).get("x")}.
 *
 * <p><b>Threads.</b> Calls block, and any number of threads, virtual ones included, may call at the same
 * time. Interrupting a thread ends its call. Nodes are reached directly, never through a proxy that the
 * JVM is configured with.
 *
 * <p><b>Errors.</b> Every method that talks to a node throws {@link HenceException}, of which reads throw
 * only {@link DefiniteException}.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class HenceClient implements AutoCloseable {

    /** How many keys a page of a scan may have. */
    public static final int PAGE_KEYS_MAX = 1_000;

    private final Failover failover;
    private final Session session;
    private final Duration deadline;

    HenceClient(Failover failover, Session session, Duration deadline) {
        this.failover = failover;
        this.session = session;
        this.deadline = deadline;
    }

    /**
     * A client with default settings. Nothing is connected yet.
     *
     * @param nodes at least one URL, the nearest first, as {@code http://localhost:5001}
     */
    public static HenceClient connect(String... nodes) {
        return builder().nodes(nodes).build();
    }

    /** The settings for a client. */
    public static HenceClientBuilder builder() {
        return new HenceClientBuilder();
    }

    /** The base URLs of the nodes, as given. */
    public List<URI> nodes() {
        throw new UnsupportedOperationException();
    }

    /** The session so far; empty before the first call. */
    public String sessionToken() {
        throw new UnsupportedOperationException();
    }

    /** A client with a session of its own on the same connections; empty text begins a new session. */
    public HenceClient withSession(String token) {
        throw new UnsupportedOperationException();
    }

    /** The same client and session with another deadline per call. */
    public HenceClient withDeadline(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** What the key holds; empty if it is absent. */
    public Optional<VersionedValue> get(Bytes key) {
        throw new UnsupportedOperationException();
    }

    public Optional<VersionedValue> get(String key) {
        return get(Bytes.utf8(key));
    }

    /** All concurrent values; empty if the key is absent. */
    public Optional<Siblings> siblings(Bytes key) {
        throw new UnsupportedOperationException();
    }

    public Optional<Siblings> siblings(String key) {
        return siblings(Bytes.utf8(key));
    }

    /** Writes; answers the new tag. */
    public String put(Bytes key, Bytes value) {
        return put(key, value, Condition.none());
    }

    public String put(String key, String value) {
        return put(Bytes.utf8(key), Bytes.utf8(value), Condition.none());
    }

    public String put(String key, String value, Condition condition) {
        return put(Bytes.utf8(key), Bytes.utf8(value), condition);
    }

    public String put(Bytes key, Bytes value, Condition condition) {
        throw new UnsupportedOperationException();
    }

    /** Removes; whether there was something to remove. */
    public boolean delete(Bytes key) {
        return delete(key, Condition.none());
    }

    public boolean delete(String key) {
        return delete(Bytes.utf8(key), Condition.none());
    }

    public boolean delete(String key, Condition condition) {
        return delete(Bytes.utf8(key), condition);
    }

    public boolean delete(Bytes key, Condition condition) {
        throw new UnsupportedOperationException();
    }

    /** Several writes and removals as one atomic update. */
    public BatchResult batch(List<Operation> operations) {
        throw new UnsupportedOperationException();
    }

    public BatchResult batch(Operation... operations) {
        return batch(List.of(operations));
    }

    /** All keys with the prefix, fetched page by page while the stream is read. */
    public Stream<KeyValue> scan(Bytes prefix) {
        throw new UnsupportedOperationException();
    }

    public Stream<KeyValue> scan(String prefix) {
        return scan(Bytes.utf8(prefix));
    }

    /** One page of a scan. */
    public ScanPage scanPage(Bytes prefix, @Nullable String after, int limit) {
        throw new UnsupportedOperationException();
    }

    /** What the first node that answers says of itself. It neither waits for the session nor adds to it. */
    public NodeStatus status() {
        throw new UnsupportedOperationException();
    }

    /** The updates after the token (null: from the beginning) as they come, until closed. */
    public ChangeFeed changes(@Nullable String after) {
        throw new UnsupportedOperationException();
    }

    /** The updates after the token (null: from the beginning) up to now. */
    public ChangeFeed changesUntilNow(@Nullable String after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
