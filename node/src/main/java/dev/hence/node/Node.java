package dev.hence.node;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.keyspace.View;
import dev.hence.core.node.Unstored;
import dev.hence.core.replica.IdentityRule.Confirmation;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Frame;
import dev.hence.engine.log.LogLimits;
import dev.hence.engine.storage.DataDirectory;
import dev.hence.engine.storage.LogExtent;
import dev.hence.engine.storage.MemoryUse;
import dev.hence.engine.storage.Storage;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.expiry.Expirer;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.store.ClusterView;
import dev.hence.node.store.CommitListener;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.Store;
import dev.hence.node.store.UpdatesGoneException;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRound;
import dev.hence.node.visibility.PublishedUpdates;
import dev.hence.node.visibility.Reads;
import dev.hence.node.visibility.VisibleClock;
import dev.hence.node.writer.Committer;
import dev.hence.node.writer.DiskSpace;
import dev.hence.node.writer.FirstWrite;
import dev.hence.node.writer.Syncer;
import dev.hence.node.writer.UpdateLogger;
import dev.hence.node.writer.WriteGate;
import dev.hence.node.writer.Writer;
import dev.hence.node.writer.WriterCache;
import dev.hence.node.writer.WriterIdentity;
import dev.hence.node.writer.WriterReadiness;
import dev.hence.node.writer.WriterRound;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica in a process: the core behind its writer, the storage, and the clocks that readers see.
 *
 * <p>Thread-safe.
 */
public final class Node implements Store, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final Duration FIRST_WRITE_WAIT = Duration.ofSeconds(3);
    private static final long HEAP_BYTES = Runtime.getRuntime().maxMemory();
    // In a small heap, caches that only save file reads must leave room for what is indispensable.
    private static final long WRITER_CACHE_BYTES_MAX = Math.min(64L << 20, HEAP_BYTES / 8);

    private final Storage storage;
    private final VisibleClock published;
    private final PublishedUpdates updates;
    private final Committer committer;
    private final Reads reads;
    private final Writer writer;
    private final WriterIdentity identity;
    private final WriteGate gate;
    private final Syncer syncer;
    private final Expirer expirer;
    private final NodeFailure failure;
    private final ClockWatch clocks;
    private final NodeReport report;

    private Node(
            NodeConfig config,
            Storage storage,
            Confirmation confirmation,
            Duration firstWriteWait,
            MeterRegistry meters,
            LongSupplier wallMillis)
            throws IOException {
        Replica.Recovered recovered = storage.recovered();
        Limits limits = config.limits();
        this.storage = storage;
        this.failure = new NodeFailure(config.nodeId());
        this.published = new VisibleClock(new VisibleClock.View(
                recovered.clock(), recovered.clock(), storage.position(), storage.deliveredCount(), false));
        this.updates = new PublishedUpdates(storage, published);
        this.reads = new Reads(storage, published, wallMillis);
        ClockBound bound =
                new ClockBound(Duration.ofSeconds(limits.clockAheadSecondsMax()).toMillis());
        this.clocks = new ClockWatch(bound, wallMillis, config.peers().size(), recovered.timestamp(), meters);
        WriterCache cache = new WriterCache(storage, storage.inMemory(), WRITER_CACHE_BYTES_MAX);
        Unstored unstored = new Unstored(cache, updates);
        Replica replica = new Replica(
                recovered,
                unstored,
                unstored,
                new Replica.Limits(
                        new DeliveryBuffer.Limits(limits.bufferUpdatesMax(), limits.bufferBytesMax()),
                        limits.updateBytesMax(),
                        limits.valueBytesMax(),
                        bound));
        UpdateLogger story = new UpdateLogger(config.logUpdates());
        this.committer = new Committer(storage, cache, published, story, config.fsync(), replica.identity(), meters);
        DiskSpace disk = new DiskSpace(config.dataDir(), limits.diskFreeBytesMin());
        WriterReadiness readiness = new WriterReadiness(failure, disk, clocks, committer);
        this.writer = new Writer(replica, unstored, committer, readiness, clocks, story, failure, meters);
        this.identity = new WriterIdentity(writer);
        FirstWrite firstWrite = config.peers().isEmpty() || confirmation == Confirmation.NOT_NEEDED
                ? new FirstWrite()
                : new FirstWrite(firstWriteWait);
        this.gate = new WriteGate(writer, identity, recovered.self(), confirmation, firstWrite);
        this.report = new NodeReport(storage, published, writer, gate, clocks, config.log());
        failure.reacts(() -> {
            published.broken();
            writer.refuseWhatWaits();
        });
        this.expirer = new Expirer(storage, this, clocks, failure, meters);
        this.syncer = new Syncer(storage, published, config.fsync(), failure);
    }

    /**
     * Opens the node's data and starts its writer.
     *
     * @param wallMillis the wall clock
     * @throws dev.hence.engine.storage.StorageException if the data directory cannot be used
     * @throws IllegalStateException if the wall clock is certainly wrong
     */
    public static Node open(NodeConfig config, MeterRegistry meters, LongSupplier wallMillis) {
        long nowMillis = wallMillis.getAsLong();
        if (!HybridLogicalClock.isPlausible(nowMillis)) {
            throw new IllegalStateException("wall clock: " + nowMillis
                    + " ms since 1970 (expected: between the years 2020 and 2100; set the machine's clock)");
        }
        DataDirectory.Opened opened =
                DataDirectory.openForNode(config.dataDir(), config.nodeId(), config.clusterName(), config.fsync());
        return over(opened, FIRST_WRITE_WAIT, config, meters, wallMillis);
    }

    /** Same as {@link #open(NodeConfig, MeterRegistry, LongSupplier)}, with the machine's wall clock. */
    public static Node open(NodeConfig config, MeterRegistry meters) {
        return open(config, meters, System::currentTimeMillis);
    }

    /**
     * A node over an open storage; the storage is closed with the node, and also if the node cannot be created.
     *
     * @param wallMillis the wall clock
     */
    public static Node over(Storage storage, NodeConfig config, MeterRegistry meters, LongSupplier wallMillis) {
        return over(
                new DataDirectory.Opened(storage, Confirmation.NOT_NEEDED),
                FIRST_WRITE_WAIT,
                config,
                meters,
                wallMillis);
    }

    /**
     * A node over an opened storage whose identity may need confirmation by a peer.
     *
     * @param firstWriteWait the maximum time that the first writes wait for that confirmation
     */
    static Node over(
            DataDirectory.Opened opened,
            Duration firstWriteWait,
            NodeConfig config,
            MeterRegistry meters,
            LongSupplier wallMillis) {
        Storage storage = opened.storage();
        try {
            Node node = new Node(config, storage, opened.confirmation(), firstWriteWait, meters, wallMillis);
            node.start();
            return node;
        } catch (IOException failed) {
            storage.close();
            throw new UncheckedIOException("data directory: " + config.dataDir() + ": " + failed, failed);
        } catch (RuntimeException failed) {
            storage.close();
            throw failed;
        }
    }

    private void start() {
        writer.start();
        syncer.start();
        expirer.start();
        clocks.refusal().ifPresent(refusal -> log.error("Writes are rejected. {}", refusal.getMessage()));
        log.info(
                "{} has {} updates: {}",
                self(),
                storage.deliveredCount(),
                published.view().clock());
    }

    /** The node's wall clock, and what is known of the clocks of other nodes. */
    public ClockWatch clocks() {
        return clocks;
    }

    /** Sets the source of cluster information for {@link #status}. */
    public void showing(ClusterView view) {
        report.showing(view);
    }

    /** Registers a listener for all later commits, including those of updates from other nodes. */
    public void listen(CommitListener listener) {
        committer.listen(listener);
    }

    /** The failure state of the node; its indispensable threads run under it. */
    public NodeFailure failure() {
        return failure;
    }

    @Override
    public ReplicaId self() {
        return identity.self();
    }

    /** The replica under which this node writes, and whether it has forked. */
    public WriterIdentity identity() {
        return identity;
    }

    /** The preconditions for accepting a client's write. */
    public WriteGate gate() {
        return gate;
    }

    /** What changes the node's state, for what is not a client's write. */
    public Writer writer() {
        return writer;
    }

    /** The published clocks. */
    public VisibleClock published() {
        return published;
    }

    @Override
    public Reading<KeyHead> read(Bytes key) {
        return reads.read(key);
    }

    @Override
    public <R> Reading<R> read(Function<View, R> reader) {
        return reads.read(reader);
    }

    @Override
    public void expect(List<Bytes> keys) {
        storage.expect(keys);
    }

    @Override
    public <R> Optional<Reading<R>> tryRead(Function<View, R> reader) {
        return reads.tryRead(reader);
    }

    @Override
    public Reading<Page> scan(Bytes prefix, @Nullable Bytes after, int limit, long bytesMax) {
        return reads.scan(prefix, after, limit, bytesMax);
    }

    @Override
    public Reading<Page> scanHeld(@Nullable Bytes after, int limit, long bytesMax) {
        return reads.scanHeld(after, limit, bytesMax);
    }

    @Override
    public <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies)
            throws InterruptedException {
        gate.pass();
        return writer.submit(bodies);
    }

    @Override
    public WriteRound round() {
        return new WriterRound(writer, gate);
    }

    @Override
    public long keys() {
        return storage.keys();
    }

    /** How many expired keys this node has removed since it started. */
    public long keysExpired() {
        return expirer.removedCount();
    }

    @Override
    public <R> Committed<R> write(Transaction.Body<R> body) throws InterruptedException {
        gate.pass();
        return writer.write(body);
    }

    /**
     * Receives frames from a peer, in order.
     *
     * @param through the peer that sent them
     * @return the outcome of each; a refused frame is the last, and those after it were not looked at
     * @throws WriteRefusedException if the node accepts none now
     */
    public List<Receipt> receive(List<Frame> frames, String through) throws InterruptedException {
        return writer.receive(frames, through);
    }

    @Override
    public VersionVector clock() {
        return published.view().clock();
    }

    @Override
    public VersionVector durableClock() {
        return published.view().durable();
    }

    @Override
    public boolean awaitClock(VersionVector wanted, Duration atMost) throws InterruptedException {
        return published.awaitClock(wanted, atMost);
    }

    /**
     * Blocks until all updates of a clock would survive a power loss of this node.
     *
     * @return whether they would
     */
    public boolean awaitDurable(VersionVector updates, Duration atMost) throws InterruptedException {
        return published.awaitDurable(updates, atMost);
    }

    @Override
    public Optional<UpdatesGoneException> gone(VersionVector after) {
        return updates.gone(after);
    }

    @Override
    public DeliveryFeed feedAfter(VersionVector after, MemoryHolder memory) {
        return updates.feedAfter(after, memory);
    }

    /** What this node knows of the other members; {@link ClusterView#NONE} until {@link #showing}. */
    public ClusterView cluster() {
        return report.cluster();
    }

    /** The updates that this node serves to others. */
    public PublishedUpdates updates() {
        return updates;
    }

    /** How much of the log there is. */
    public LogExtent logExtent() {
        return storage.logExtent();
    }

    /**
     * Deletes the oldest segments of the log, as far as the limits say.
     *
     * @param stored the updates that every member has stored durably
     * @return whether any were deleted
     */
    public boolean trimLog(LogLimits limits, VersionVector stored) {
        return storage.trimLog(limits, stored, System.currentTimeMillis());
    }

    /** What rows and logs take in memory. */
    public MemoryUse memory() {
        return storage.memory();
    }

    /** The size of the data. */
    public Storage.Sizes sizes() {
        return storage.sizes();
    }

    @Override
    public List<HealthIssue> health() {
        return report.health();
    }

    /** The writer's reason comes first: a rescue waits for it to pass, or ends by itself. */
    @Override
    public Optional<WriteRefusedException> unready() {
        return writer.unready().or(gate::rescue);
    }

    /**
     * Forces all published updates to the disk, whatever the fsync policy.
     *
     * @throws dev.hence.engine.storage.StorageException if that fails; the node has then failed, because a later sync
     *     gives no guarantee for earlier writes
     */
    public void sync() {
        syncer.sync();
    }

    @Override
    public NodeStatus status() {
        return report.status();
    }

    /** How much of the log there is, and why. Never blocks. */
    public NodeStatus.UpdateLog updateLog() {
        return report.updateLog();
    }

    @Override
    public List<NodeStatus.Member> members() {
        return report.members();
    }

    /** Ends waiting readers and feeds, so that the front ends can close. Writes are accepted until {@link #close}. */
    public void announceClosing() {
        published.closing();
    }

    /** Commits the submitted tasks, syncs everything to disk and closes the node. */
    @Override
    public void close() {
        published.closing();
        expirer.close();
        writer.close();
        syncer.close();
        storage.close();
        log.info("{} closed with {}", self(), published.view().clock());
    }
}
