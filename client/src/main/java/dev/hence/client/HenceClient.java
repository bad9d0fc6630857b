package dev.hence.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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
public final class HenceClient implements AutoCloseable {

    /** The most keys that a page of a scan may have. */
    public static final int PAGE_KEYS_MAX = 1_000;

    // A page of small values stays well below a megabyte; one of large ones is what answerBytesMax is for.
    private static final int SCAN_PAGE_KEYS = 100;

    private final Failover failover;
    private final Session session;
    private final Duration deadline;
    private final boolean ownsConnections;

    HenceClient(Failover failover, Session session, Duration deadline, boolean ownsConnections) {
        this.failover = failover;
        this.session = session;
        this.deadline = deadline;
        this.ownsConnections = ownsConnections;
    }

    /**
     * A client with the default settings and a new session. Nothing is connected yet.
     *
     * @param nodes at least one URL, the nearest first, as {@code http://localhost:5001}
     * @throws IllegalArgumentException if one is not the URL of a node
     */
    public static HenceClient connect(String... nodes) {
        return builder().nodes(nodes).build();
    }

    /** The settings for a client. */
    public static HenceClientBuilder builder() {
        return new HenceClientBuilder();
    }

    /** The base URLs of the nodes, in the order given. */
    public List<URI> nodes() {
        return failover.nodes();
    }

    /**
     * The session as text, for {@link #withSession} here or in another process; empty as long as no call has
     * ended. Opaque; while calls run at the same time it may be several tokens joined by commas.
     */
    public String sessionToken() {
        return String.join(",", session.tokens());
    }

    /**
     * A client with a session of its own on the connections of this one, which it depends on: it ends when
     * this one is closed, and closing it does nothing.
     *
     * @param token a session as {@link #sessionToken} gave it, or empty for a new one
     * @throws IllegalArgumentException if the text cannot be a session
     */
    public HenceClient withSession(String token) {
        return new HenceClient(failover, Session.of(token), deadline, false);
    }

    /**
     * The same client with the same session, but another deadline per call. Closing it does nothing.
     *
     * @throws IllegalArgumentException if the deadline is not positive
     */
    public HenceClient withDeadline(Duration deadline) {
        return new HenceClient(failover, session, HenceClientBuilder.positive("deadline", deadline), false);
    }

    /**
     * What a key holds; of several siblings the winner.
     *
     * @param key at most as long as the nodes are configured to take, 65,535 bytes unless told otherwise
     * @return empty if the key has no value
     * @throws DefiniteException if no node answered
     */
    public Optional<VersionedValue> get(Bytes key) {
        Answer<Bytes> answer = answer(Call.read(Paths.key(key)));
        return answer.isAbsent() ? Optional.empty() : Optional.of(new VersionedValue(answer.body(), answer.tag()));
    }

    /** {@link #get(Bytes)} for a key that is text. */
    public Optional<VersionedValue> get(String key) {
        return get(Bytes.utf8(key));
    }

    /**
     * All concurrent values of a key.
     *
     * @return empty if the key has no value
     * @throws DefiniteException if no node answered
     */
    public Optional<Siblings> siblings(Bytes key) {
        Call call = Call.read(Paths.key(key) + "?siblings");
        Answer<Bytes> answer = answer(call);
        return answer.isAbsent() ? Optional.empty() : Optional.of(decode(call, answer, JsonCodec::siblings));
    }

    /** {@link #siblings(Bytes)} for a key that is text. */
    public Optional<Siblings> siblings(String key) {
        return siblings(Bytes.utf8(key));
    }

    /**
     * Writes a value.
     *
     * @return the key's new version tag, for {@link Condition#ifTag}
     * @throws DefiniteException if it certainly did not happen; {@link LimitExceededException} if key or value
     *     is too large
     * @throws IndefiniteException if it may have happened
     */
    public String put(Bytes key, Bytes value) {
        return put(key, value, Condition.none());
    }

    /** {@link #put(Bytes, Bytes)} for text. */
    public String put(String key, String value) {
        return put(key, value, Condition.none());
    }

    /**
     * Writes a value if a condition holds.
     *
     * @return the key's new version tag
     * @throws PreconditionFailedException if the condition does not hold at the node that took the write
     * @throws DefiniteException if it certainly did not happen for another reason
     * @throws IndefiniteException if it may have happened
     */
    public String put(Bytes key, Bytes value, Condition condition) {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/octet-stream"));
        headers.addAll(headersFor(condition));
        return answer(Call.write("PUT", Paths.key(key), value, headers)).tag();
    }

    /** {@link #put(Bytes, Bytes, Condition)} for text. */
    public String put(String key, String value, Condition condition) {
        return put(Bytes.utf8(key), Bytes.utf8(value), condition);
    }

    /**
     * Removes what a key holds, as the node that takes it has seen it; what is written concurrently survives.
     *
     * @return whether there was something to remove
     * @throws DefiniteException if it certainly did not happen
     * @throws IndefiniteException if it may have happened
     */
    public boolean delete(Bytes key) {
        return delete(key, Condition.none());
    }

    /** {@link #delete(Bytes)} for a key that is text. */
    public boolean delete(String key) {
        return delete(key, Condition.none());
    }

    /**
     * Removes what a key holds if a condition holds.
     *
     * @param condition any but {@link Condition#ifAbsent}
     * @return whether there was something to remove
     * @throws PreconditionFailedException if the condition does not hold at the node that took the write
     * @throws DefiniteException if it certainly did not happen for another reason
     * @throws IndefiniteException if it may have happened
     * @throws IllegalArgumentException if the condition is for puts only
     */
    public boolean delete(Bytes key, Condition condition) {
        if (condition instanceof Condition.IfAbsent) {
            throw new IllegalArgumentException("condition: ifAbsent (expected: one that a delete can meet)");
        }
        return !answer(Call.write("DELETE", Paths.key(key), Bytes.EMPTY, headersFor(condition)))
                .isAbsent();
    }

    /** {@link #delete(Bytes, Condition)} for a key that is text. */
    public boolean delete(String key, Condition condition) {
        return delete(Bytes.utf8(key), condition);
    }

    private static List<String> headersFor(Condition condition) {
        return switch (condition) {
            case Condition.Unconditional none -> List.of();
            case Condition.IfAbsent absent -> List.of("If-None-Match", "*");
            case Condition.IfPresent present -> List.of("If-Match", "*");
            case Condition.IfTag(String tag) -> List.of("If-Match", EntityTag.quoted(tag));
        };
    }

    /**
     * Carries out several writes and removals as one update: all become visible at once, at every node.
     *
     * @param operations at least one, on whatever keys; of several on one key the last counts
     * @throws DefiniteException if it certainly did not happen; {@link LimitExceededException} if it is too large
     * @throws IndefiniteException if it may have happened
     */
    public BatchResult batch(List<Operation> operations) {
        Call call =
                Call.write("POST", "/batch", JsonCodec.batch(operations), List.of("Content-Type", "application/json"));
        return decode(call, answer(call), JsonCodec::batchResult);
    }

    /** {@link #batch(List)} for operations named one by one. */
    public BatchResult batch(Operation... operations) {
        return batch(List.of(operations));
    }

    /**
     * All keys that begin with a prefix, in the order of unsigned bytes, fetched page by page while the stream
     * is read. Each page is a snapshot, later pages reflect at least what earlier ones do; {@link HenceException}s
     * come out of the stream.
     *
     * @param prefix empty for all keys
     */
    public Stream<KeyValue> scan(Bytes prefix) {
        return StreamSupport.stream(new ScanSpliterator(after -> scanPage(prefix, after, SCAN_PAGE_KEYS)), false);
    }

    /** {@link #scan(Bytes)} for a prefix that is text. */
    public Stream<KeyValue> scan(String prefix) {
        return scan(Bytes.utf8(prefix));
    }

    /**
     * One page of a scan, from one snapshot of one node.
     *
     * @param prefix empty for all keys
     * @param after {@link ScanPage#next} of the page before; null for the first page
     * @param limit how many keys at most, 1 to {@link #PAGE_KEYS_MAX}
     * @throws DefiniteException if no node answered
     */
    public ScanPage scanPage(Bytes prefix, @Nullable String after, int limit) {
        Call call = Call.read(Paths.scan(prefix, after, limit));
        return decode(call, answer(call), JsonCodec::scanPage);
    }

    /**
     * One page of all keys with a digest of what each holds, to compare nodes: ask each with a client of its own.
     * The call neither waits for the session nor adds to it.
     *
     * @param after {@link FingerprintPage#next} of the page before; null for the first page
     * @param limit how many keys at most, 1 to {@link #PAGE_KEYS_MAX}
     * @throws DefiniteException if no node answered
     */
    public FingerprintPage fingerprints(@Nullable String after, int limit) {
        Call call = Call.look(Paths.fingerprints(after, limit));
        return decode(call, answer(call), JsonCodec::fingerprints);
    }

    /**
     * What the first node that answers says of itself. It is shown as it is: the call neither waits for the
     * session nor adds to it.
     *
     * @throws DefiniteException if no node answered
     */
    public NodeStatus status() {
        Call call = Call.look("/status");
        return decode(call, answer(call), JsonCodec::status);
    }

    /**
     * Follows the updates of the cluster until the feed is closed. Nothing is connected before it is read.
     *
     * @param after where to begin: the token of an earlier {@link Change}; or {@link #sessionToken} for what the
     *     session has not seen (and, if calls ran at the same time, possibly some of what it has); null for the
     *     beginning of all updates
     */
    public ChangeFeed changes(@Nullable String after) {
        return new ChangeFeed(failover, session, deadline, after, true);
    }

    /**
     * The updates up to the present of the node that is asked, as {@link #changes} hands them out.
     *
     * @param after where to begin; null for the beginning of all updates
     */
    public ChangeFeed changesUntilNow(@Nullable String after) {
        return new ChangeFeed(failover, session, deadline, after, false);
    }

    private Answer<Bytes> answer(Call call) {
        return failover.answer(call, BodyKind.WHOLE, session, Deadline.in(deadline));
    }

    private static <T> T decode(Call call, Answer<Bytes> answer, Function<Bytes, T> codec) {
        try {
            return codec.apply(answer.body());
        } catch (UnexpectedJsonException e) {
            Problem problem = Problem.ofClient(
                    Problem.UNEXPECTED_ANSWER,
                    answer.status(),
                    Attempt.describe(e),
                    answer.node().toString(),
                    false);
            throw problem.toException(call.isWrite(), e);
        }
    }

    /**
     * Closes the connections. Calls that are under way end with code {@code closed}, and so do later ones.
     * Does nothing for a client made by {@link #withSession} or {@link #withDeadline}.
     */
    @Override
    public void close() {
        if (ownsConnections) {
            failover.close();
        }
    }
}
