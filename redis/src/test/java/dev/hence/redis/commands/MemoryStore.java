package dev.hence.redis.commands;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.core.update.Update;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import dev.hence.node.store.WriteRefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: a replica whose writes are stored at once, and a wall clock that moves when it is told to. It is
 * alone unless it is told to follow another.
 *
 * <p>Not thread-safe.
 */
final class MemoryStore implements Store {

    /** Where every clock begins, in milliseconds since 1970. */
    static final long BEGIN_MILLIS = 1_700_000_000_000L;

    static final long UPDATE_BYTES_MAX = 1 << 20;

    private final MemoryState state = new MemoryState();
    private final List<Update> log = new ArrayList<>();
    private final Replica replica;
    private long nowMillis = BEGIN_MILLIS;

    MemoryStore(String name) {
        Replica.Limits limits =
                new Replica.Limits(new DeliveryBuffer.Limits(1_000, UPDATE_BYTES_MAX), UPDATE_BYTES_MAX);
        replica = new Replica(Replica.Recovered.fresh(new ReplicaId(name, 1)), state, limits);
    }

    @Override
    public ReplicaId self() {
        return replica.self();
    }

    /** Time passes. */
    void advance(long millis) {
        nowMillis += millis;
    }

    /** The updates delivered here, in their order. */
    List<Update> updates() {
        return List.copyOf(log);
    }

    /** Delivers everything of the other's that is not here yet. */
    void follow(MemoryStore other) {
        for (Update update : other.updates()) {
            if (!replica.clock().contains(update.dot())) {
                replica.receive(update, nowMillis);
            }
        }
        store();
    }

    private void store() {
        CommitBatch changes = replica.takeChanges();
        if (changes != null) {
            state.store(changes.keys());
            log.addAll(changes.delivered());
        }
    }

    @Override
    public Reading<KeyHead> read(Bytes key) {
        return read(view -> view.visible(key));
    }

    @Override
    public <R> Reading<R> read(Function<View, R> reader) {
        return new Reading<>(reader.apply(View.of(state, nowMillis)), clock());
    }

    @Override
    public Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return scan(prefix, after, limit, bytesMax, head -> head.type() != null);
    }

    @Override
    public Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax) {
        return scan(Bytes.EMPTY, after, limit, bytesMax, head -> true);
    }

    private Reading<Page> scan(
            Bytes prefix, @Nullable Bytes after, int limit, long bytesMax, Predicate<KeyHead> wanted) {
        List<KeyEntry> shown = new ArrayList<>();
        int looked = 0;
        long bytes = 0;
        Bytes last = null;
        for (Map.Entry<Bytes, KeyHead> each :
                state.heads().tailMap(prefix, true).entrySet()) {
            Bytes key = each.getKey();
            if (!key.startsWith(prefix)) {
                break;
            }
            if (after != null && key.compareTo(after) <= 0) {
                continue;
            }
            if (looked == limit || (looked > 0 && bytes >= bytesMax)) {
                return new Reading<>(new Page(shown, last), clock());
            }
            looked++;
            bytes += key.length();
            last = key;
            KeyHead head = each.getValue().visibleAt(nowMillis);
            if (wanted.test(head)) {
                shown.add(new KeyEntry(key, head));
            }
        }
        return new Reading<>(new Page(shown, null), clock());
    }

    @Override
    public <R> Committed<R> write(Transaction.Body<R> body) {
        Written<R> written = replica.write(nowMillis, body);
        store();
        return Committed.of(written, clock());
    }

    @Override
    public long keys() {
        return state.heads().size();
    }

    @Override
    public VersionVector clock() {
        return replica.clock();
    }

    @Override
    public <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies) {
        throw new UnsupportedOperationException("commands do not submit");
    }

    @Override
    public VersionVector durableClock() {
        return clock();
    }

    @Override
    public boolean awaitClock(VersionVector wanted, Duration atMost) {
        throw new UnsupportedOperationException("nothing comes while a command runs");
    }

    @Override
    public DeliveryFeed feedAfter(VersionVector after, MemoryHolder memory) {
        throw new UnsupportedOperationException("no feed");
    }

    @Override
    public NodeStatus status() {
        throw new UnsupportedOperationException("no node");
    }

    @Override
    public List<NodeStatus.Member> members() {
        return List.of();
    }

    @Override
    public List<HealthIssue> health() {
        return List.of();
    }

    @Override
    public Optional<WriteRefusedException> unready() {
        return Optional.empty();
    }
}
