package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.node.CommitOrder;
import dev.hence.core.node.Unstored;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The single thread that owns the replica: it makes writes durable and visible.
 *
 * <p>It takes all pending tasks, runs them on the core, stores their changes as one batch with one fsync, publishes the
 * new clock, and only then answers them; {@link CommitOrder} decides that order. While it waits for the disk the next
 * tasks accumulate, so under load many writes share a batch without a timer.
 *
 * <p><b>Invariant.</b> An update is neither acknowledged to a client nor available to a peer before the batch that
 * contains it is committed as the fsync policy requires. If a commit fails, or the core cannot read the storage, or
 * anything else ends the thread, the core is ahead of the storage: none of that is published, the writer never commits
 * again, and the node has failed.
 *
 * <p><b>Invariant.</b> Every queued task is answered, whatever ends the thread: those that it has taken by
 * {@link #fail}, the remaining ones by {@link #refuseQueued}, which every caller that queues a task runs again if it
 * finds that the thread has ended.
 */
public final class Writer implements AutoCloseable {

    private static final String THREAD = "hence-writer";
    private static final int QUEUE_MAX = 16_384;
    // Few enough that the caches of a processor hold what was fetched until it is used.
    private static final int KEYS_EXPECTED = 256;
    private static final long BATCH_BYTES_MAX = 16L << 20;

    /** Tasks that were submitted in one call and run one after another. */
    private record Entry(List<? extends WriterTask<?>> tasks) {}

    /** Wakes the writer. */
    private static final Entry NOTHING = new Entry(List.of());

    private final Replica replica;
    private final GroupCommit groups;
    private final Committer committer;
    private final WriterReadiness readiness;
    private final ClockWatch clocks;
    private final UpdateLogger story;
    private final NodeFailure failure;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    // One for all tasks instead of one per task.
    private final Runnable requireClock = this::requireClock;
    private final List<Bytes> expectedKeys = new ArrayList<>();
    private volatile boolean stopped;
    private volatile Consumer<Dot> onForked = dropped -> {};
    private volatile int bufferedCount;

    /** Why the running batch rejects local writes; confined to the writer's thread. */
    private Optional<WriteRefusedException> clockRefusal = Optional.empty();

    /**
     * @param unstored what the replica reads
     * @param committer stores and publishes what the replica changes
     * @param readiness asked before anything is queued
     * @param clocks the wall clock
     */
    public Writer(
            Replica replica,
            Unstored unstored,
            Committer committer,
            WriterReadiness readiness,
            ClockWatch clocks,
            UpdateLogger story,
            NodeFailure failure,
            MeterRegistry meters) {
        this.replica = replica;
        boolean forces = committer.forcesGroups();
        CommitOrder<WriterTask<?>> order = new CommitOrder<>(
                replica, unstored, committer.stored(), new CommitOrder.Rules(forces, BATCH_BYTES_MAX, forces ? 2 : 1));
        // If the queue is full, the writer does not wait for this entry.
        this.groups = new GroupCommit(order, committer, () -> !queue.isEmpty(), () -> queue.offer(NOTHING));
        this.committer = committer;
        this.readiness = readiness;
        this.clocks = clocks;
        this.story = story;
        this.failure = failure;
        this.thread = Thread.ofPlatform().name(THREAD).unstarted(this::loop);
        Gauge.builder("hence.buffered.updates", this, writer -> writer.bufferedCount)
                .description("Received updates that are buffered because they wait for others")
                .register(meters);
    }

    public void start() {
        thread.start();
    }

    /** The identity of the last commit. */
    public ReplicaId self() {
        return committer.identity().self();
    }

    /** The writer's identity in the storage, as of the last commit. */
    public Identity identity() {
        return committer.identity();
    }

    /**
     * Registers a listener, called on the writer's thread, for updates that were dropped because they depend on other
     * updates than this node has under the same dots.
     */
    public void onForked(Consumer<Dot> listener) {
        onForked = listener;
    }

    /** Why local writes are rejected now; empty if they are accepted. */
    public Optional<WriteRefusedException> unready() {
        return readiness.unready();
    }

    /**
     * Runs a transaction; returns when it is committed.
     *
     * @throws InterruptedException if the caller was interrupted before it was run; nothing happened then
     */
    public <R> Committed<R> write(Transaction.Body<R> body) throws InterruptedException {
        readiness.requireTakingWrites();
        WriterTask<Committed<R>> task = WriterTask.write(body, requireClock);
        Entry entry = new Entry(List.of(task));
        put(entry);
        try {
            return answer(task);
        } catch (InterruptedException interrupted) {
            if (queue.remove(entry)) {
                throw interrupted;
            }
            Thread.currentThread().interrupt();
            throw new WriteUncertainException("write: interrupted while it was being committed", interrupted);
        }
    }

    /**
     * Submits transactions, run one after another and each for itself; does not wait for them.
     *
     * @throws InterruptedException if the caller was interrupted while the queue was full; nothing happened then
     */
    public <R> List<CompletableFuture<Committed<R>>> submit(List<Transaction.Body<R>> bodies)
            throws InterruptedException {
        readiness.requireTakingWrites();
        if (bodies.isEmpty()) {
            return List.of();
        }
        List<WriterTask<Committed<R>>> tasks = tasks(bodies);
        put(new Entry(tasks));
        return answers(tasks);
    }

    /**
     * Submits transactions as {@link #submit} does, without waiting for room in the queue.
     *
     * @param bodies at least one
     * @param whenAnswered called when the last one is answered, by the writer's thread or, if that has ended, the caller
     * @return empty if the queue is full, or the disk has to be asked for its free space; nothing happened then
     */
    public <R> Optional<List<CompletableFuture<Committed<R>>>> trySubmit(
            List<Transaction.Body<R>> bodies, Runnable whenAnswered) {
        if (readiness.isToBeAsked()) {
            return Optional.empty();
        }
        readiness.requireTakingWrites();
        List<WriterTask<Committed<R>>> tasks = tasks(bodies);
        tasks.getLast().whenAnswered(whenAnswered);
        requireRunning();
        // Before the tasks are known to the writer: what follows must not fail.
        Optional<List<CompletableFuture<Committed<R>>>> answers = Optional.of(answers(tasks));
        if (!queue.offer(new Entry(tasks))) {
            return Optional.empty();
        }
        refuseWhatWaits();
        return answers;
    }

    private <R> List<WriterTask<Committed<R>>> tasks(List<Transaction.Body<R>> bodies) {
        List<WriterTask<Committed<R>>> tasks = new ArrayList<>(bodies.size());
        for (Transaction.Body<R> body : bodies) {
            tasks.add(WriterTask.write(body, requireClock));
        }
        return tasks;
    }

    private static <R> List<CompletableFuture<R>> answers(List<WriterTask<R>> tasks) {
        List<CompletableFuture<R>> answers = new ArrayList<>(tasks.size());
        for (WriterTask<R> task : tasks) {
            answers.add(task.answer());
        }
        return answers;
    }

    /**
     * Receives frames from a peer, in order; returns when the updates delivered are committed.
     *
     * @param through the peer that sent them, for the log
     * @return the outcome of each; fewer than were offered if one was refused, which is then the last
     */
    public List<Receipt> receive(List<Frame> frames, String through) throws InterruptedException {
        readiness.requireTaking();
        return run(new WriterTask<List<Receipt>>() {
            @Override
            List<Receipt> run(Replica core, long nowMillis) {
                List<Receipt> receipts = new ArrayList<>(frames.size());
                for (Frame frame : frames) {
                    expect(frame);
                    Receipt receipt = core.receive(frame, nowMillis);
                    story.received(frame, receipt, through);
                    receipts.add(receipt);
                    if (!receipt.isTaken()) {
                        break;
                    }
                }
                core.takeForked().forEach(onForked);
                return receipts;
            }
        });
    }

    /** Takes a new identity unless that was done already; returns the identity now in force. */
    public ReplicaId renew(ReplicaId old, ReplicaId renewed) throws InterruptedException {
        return run(new WriterTask<ReplicaId>() {
            @Override
            ReplicaId run(Replica core, long nowMillis) {
                if (core.self().equals(old)) {
                    core.renew(renewed);
                }
                return core.self();
            }
        });
    }

    /** Records that a peer has another update under a dot: {@link Identity#differing}. */
    public void differing(Dot dot) throws InterruptedException {
        run(new WriterTask<Identity>() {
            @Override
            Identity run(Replica core, long nowMillis) {
                core.differing(dot);
                return core.identity();
            }
        });
    }

    /** Some of the updates that wait for others, and their number. */
    public Buffer buffered(int countMax) throws InterruptedException {
        return run(new WriterTask<Buffer>() {
            @Override
            Buffer run(Replica core, long nowMillis) {
                return new Buffer(core.bufferedCount(), core.buffered(countMax));
            }
        });
    }

    /** The content of the delivery buffer. */
    public record Buffer(int count, List<BufferedUpdate> some) {}

    /** Checked once per batch and not before submission: a clock that has just jumped must affect nothing. */
    private void requireClock() {
        if (clockRefusal.isPresent()) {
            throw WriterReadiness.again(clockRefusal.get());
        }
    }

    private <R> R run(WriterTask<R> task) throws InterruptedException {
        put(new Entry(List.of(task)));
        return answer(task);
    }

    private void put(Entry entry) throws InterruptedException {
        requireRunning();
        queue.put(entry);
        refuseWhatWaits();
    }

    private void requireRunning() {
        WriteRefusedException ended = readiness.ended();
        if (ended != null) {
            throw ended;
        }
    }

    private static <R> R answer(WriterTask<R> task) throws InterruptedException {
        try {
            return task.answer().get();
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        return cause instanceof RuntimeException refused ? refused : new IllegalStateException(cause);
    }

    private void loop() {
        List<Entry> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, GroupCommit.TASKS_MAX - 1);
                runBatch(batch);
            }
        } catch (InterruptedException closed) {
            commitTheRest(batch);
        } catch (Throwable failed) {
            fail(batch, failed);
        }
        stopped = true;
        refuseQueued();
        groups.close();
    }

    private void commitTheRest(List<Entry> batch) {
        try {
            batch.clear();
            queue.drainTo(batch);
            runBatch(batch);
            while (groups.isForcing()) {
                groups.commit();
            }
        } catch (Throwable failed) {
            fail(batch, failed);
        }
    }

    private void runBatch(List<Entry> batch) {
        groups.proceed();
        long nowMillis = lookAtClock();
        int expected = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (i == expected) {
                expected = expect(batch, i);
            }
            for (WriterTask<?> task : batch.get(i).tasks()) {
                task.perform(replica, nowMillis);
                groups.proceed();
                if (groups.ran(task)) {
                    commitGroup();
                    // The disk may have taken long, and the next step needs the current time.
                    nowMillis = lookAtClock();
                }
            }
        }
        groups.proceed();
        if (!groups.isForcing()) {
            commitGroup();
        }
    }

    /** Announces the keys of some entries; returns the index after them. */
    private int expect(List<Entry> batch, int from) {
        int to = from;
        for (; to < batch.size() && expectedKeys.size() < KEYS_EXPECTED; to++) {
            for (WriterTask<?> task : batch.get(to).tasks()) {
                task.expectedKeys(expectedKeys);
            }
        }
        announceExpected();
        return to;
    }

    private void expect(Frame frame) {
        for (Update update : frame.updates()) {
            update.operations().forEach(operation -> expectedKeys.add(operation.key()));
        }
        announceExpected();
    }

    private void announceExpected() {
        committer.expect(expectedKeys);
        expectedKeys.clear();
    }

    private long lookAtClock() {
        clockRefusal = clocks.refusal();
        return clocks.wallMillis();
    }

    private void commitGroup() {
        clocks.applied(replica.timestamp());
        bufferedCount = replica.bufferedCount();
        groups.commit();
    }

    private void fail(List<Entry> batch, Throwable failed) {
        groups.finishForced();
        failure.fail(THREAD, failed);
        RuntimeException refusal = failure.refusal();
        groups.fail(failed, refusal);
        // The rest has not run.
        for (int i = 0; i < batch.size(); i++) {
            List<? extends WriterTask<?>> tasks = batch.get(i).tasks();
            for (int j = 0; j < tasks.size(); j++) {
                tasks.get(j).insistOnFailed(refusal);
            }
        }
    }

    /** Answers the queued tasks if they will not be run any more. Any thread. */
    public void refuseWhatWaits() {
        if (stopped) {
            refuseQueued();
        }
    }

    private void refuseQueued() {
        // After a task is taken from the queue nothing may throw before it is answered.
        RuntimeException ended = readiness.ended();
        RuntimeException refusal = ended != null ? ended : failure.refusal();
        for (Entry late = queue.poll(); late != null; late = queue.poll()) {
            for (int i = 0; i < late.tasks().size(); i++) {
                late.tasks().get(i).insistOnFailed(refusal);
            }
        }
    }

    /** Commits the submitted tasks and accepts no more. */
    @Override
    public void close() {
        readiness.closing();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
