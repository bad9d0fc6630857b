package dev.hence.node.testing;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.crdt.RowKind;
import dev.hence.core.keyspace.State;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.LogExtent;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.engine.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A real storage that a test can stop, or make fail, at critical moments. */
public final class HookedStorage implements Storage {

    private final Storage real;
    public final AtomicInteger commits = new AtomicInteger();

    /** Runs before any part of a commit is stored. */
    public volatile Runnable beforeCommit = () -> {};

    /** Runs when a commit is visible to reads but has not returned. */
    public volatile Runnable onceVisible = () -> {};

    /** Runs before a key is read. */
    public volatile Consumer<Bytes> beforeRead = key -> {};

    /** Runs before a sync. */
    public volatile Runnable beforeSync = () -> {};

    /** Runs after a sync. */
    public volatile Runnable afterSync = () -> {};

    /** The hooks may block. */
    public volatile boolean commitMayWait = true;

    public HookedStorage(Storage real) {
        this.real = real;
    }

    @Override
    public Replica.Recovered recovered() {
        return real.recovered();
    }

    @Override
    public long deliveredCount() {
        return real.deliveredCount();
    }

    @Override
    public void append(CommitBatch changes) {
        commits.incrementAndGet();
        beforeCommit.run();
        real.append(changes);
    }

    @Override
    public void apply(CommitBatch changes) {
        real.apply(changes);
        onceVisible.run();
    }

    @Override
    public boolean commitMayWait() {
        return commitMayWait || real.commitMayWait();
    }

    @Override
    public State inMemory() {
        return real.inMemory();
    }

    @Override
    public void sync() {
        beforeSync.run();
        real.sync();
        afterSync.run();
    }

    @Override
    public long position() {
        return real.position();
    }

    @Override
    public KeyHead head(Bytes key) {
        beforeRead.accept(key);
        return real.head(key);
    }

    @Override
    public Cell cell(Bytes key, RowKind kind, Bytes row) {
        beforeRead.accept(key);
        return real.cell(key, kind, row);
    }

    @Override
    public boolean walk(Bytes key, RowKind kind, @Nullable Bytes from, Direction direction, Visitor visitor) {
        beforeRead.accept(key);
        return real.walk(key, kind, from, direction, visitor);
    }

    @Override
    public Snapshot snapshot() {
        return real.snapshot();
    }

    @Override
    public <R> At<R> read(Function<State, R> reader) {
        return real.read(reader);
    }

    @Override
    public void expect(List<Bytes> keys) {
        real.expect(keys);
    }

    @Override
    public <R> Optional<At<R>> tryRead(Function<State, R> reader) {
        return real.tryRead(reader);
    }

    @Override
    public Scan scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return real.scan(prefix, after, limit, bytesMax);
    }

    @Override
    public List<Due> due(@Nullable Due after, long throughMillis, int limit) {
        return real.due(after, throughMillis, limit);
    }

    @Override
    public long keys() {
        return real.keys();
    }

    @Override
    public MemoryUse memory() {
        return real.memory();
    }

    @Override
    public Sizes sizes() {
        return real.sizes();
    }

    @Override
    public long expiringKeys() {
        return real.expiringKeys();
    }

    @Override
    public @Nullable Update update(Dot dot) {
        return real.update(dot);
    }

    @Override
    public @Nullable Integer checksum(Dot dot) {
        return real.checksum(dot);
    }

    @Override
    public long deletedThrough(ReplicaId origin) {
        return real.deletedThrough(origin);
    }

    @Override
    public LogExtent logExtent() {
        return real.logExtent();
    }

    @Override
    public boolean trimLog(LogLimits limits, VersionVector stored, long millis) {
        return real.trimLog(limits, stored, millis);
    }

    @Override
    public List<Update> updatesOf(ReplicaId origin, long afterCounter, long bytesMax) {
        return real.updatesOf(origin, afterCounter, bytesMax);
    }

    @Override
    public List<EncodedFrame> framesOf(ReplicaId origin, long after, long upTo, long bytesMax, boolean whole) {
        return real.framesOf(origin, after, upTo, bytesMax, whole);
    }

    @Override
    public void eachNaming(ReplicaId origin, long afterCounter, Bytes text, Consumer<Update> reader) {
        real.eachNaming(origin, afterCounter, text, reader);
    }

    @Override
    public List<Update> deliveries(long fromSequence, int countMax, long bytesMax) {
        return real.deliveries(fromSequence, countMax, bytesMax);
    }

    @Override
    public long sequenceOf(Dot dot) {
        return real.sequenceOf(dot);
    }

    @Override
    public void close() {
        real.close();
    }
}
