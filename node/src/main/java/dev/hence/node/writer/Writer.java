package dev.hence.node.writer;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.delivery.BufferedUpdate;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.node.CommitOrder;
import dev.hence.core.node.Unstored;
import dev.hence.core.replica.Identity;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Frame;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteUncertainException;
import dev.hence.node.writer.Turns.Entry;
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
 * Where tasks for the replica are queued, and the thread that runs them in its turns ({@link Turns}).
 *
 * <p>It takes all pending tasks, runs them on the core, stores their changes as one batch with one fsync, publishes the
 * new clock, and only then answers them; {@link dev.hence.core.node.CommitOrder} decides that order. While it waits for the
 * disk the next tasks accumulate, so under load many writes share a batch without a timer.
 *
 * <p><b>Invariant.</b> An update is neither acknowledged to a client nor available to a peer before the batch that
 * contains it is committed as the fsync policy requires. If a commit fails, or the core cannot read the storage, or
 * anything else ends the thread, the core is ahead of the storage: none of that is published, the writer never commits
 * again, and the node has failed.
 *
 * <p><b>Invariant.</b> Every queued task is answered, whatever ends the thread: those of its last turn by that, the
 * remaining ones by {@link #refuseQueued}, which every caller that queues a task runs again if it finds that the thread has
 * ended.
 */
public final class Writer implements AutoCloseable {

    private static final String THREAD = "hence-writer";
    private static final int QUEUE_MAX = 16_384;
    private static final long BATCH_BYTES_MAX = 16L << 20;

    /** Wakes the writer. */
    private static final Entry NOTHING = new Entry(List.of());

    private final GroupCommit groups;
    private final Turns turns;
    private final Committer committer;
    private final WriterReadiness readiness;
    private final UpdateLogger story;
    private final NodeFailure failure;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Thread thread;
    // One for all tasks instead of one per task.
    private final Runnable requireClock;
    private volatile boolean stopped;
    private volatile Consumer<Dot> onForked = dropped -> {};

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
        boolean forces = committer.forcesGroups();
        CommitOrder<WriterTask<?>> order = new CommitOrder<>(
                replica, unstored, committer.stored(), new CommitOrder.Rules(forces, BATCH_BYTES_MAX, forces ? 2 : 1));
        // If the queue is full, the writer does not wait for this entry.
        this.groups = new GroupCommit(order, committer, () -> !queue.isEmpty(), () -> queue.offer(NOTHING));
        this.turns = new Turns(replica, groups, committer, clocks, failure, THREAD, () -> queue.offer(NOTHING));
        this.requireClock = turns::requireClock;
        this.committer = committer;
        this.readiness = readiness;
        this.story = story;
        this.failure = failure;
        this.thread = Thread.ofPlatform().name(THREAD).unstarted(this::loop);
        Gauge.builder("hence.buffered.updates", turns, Turns::bufferedCount)
                .description("Received updates that are buffered because they wait for others")
                .register(meters);
    }

    public void start() {
        turns.begin();
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
     * Registers a listener, called by the thread that runs tasks, for updates that were dropped because they depend on other
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
        WriteTask<R> task = new WriteTask<>(body, requireClock);
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
        List<WriteTask<R>> tasks = tasks(bodies);
        put(new Entry(tasks));
        return answers(tasks);
    }

    /**
     * Whether tasks can be accepted without waiting.
     *
     * @return false if the disk has to be asked for its free space
     * @throws WriteRefusedException if none are accepted
     */
    boolean mayAcceptNow() {
        if (readiness.isToBeAsked()) {
            return false;
        }
        readiness.requireTakingWrites();
        return true;
    }

    /** Queues tasks; returns false, and does nothing, if the queue is full. */
    boolean offer(List<? extends WriterTask<?>> tasks) {
        boolean queued = queue.offer(new Entry(tasks));
        refuseWhatWaits();
        return queued;
    }

    /** Runs light tasks on the caller's thread as far as that is possible without waiting, and queues the rest. */
    void runOrQueue(List<WriteTask<?>> tasks) {
        int ran = tryRun(tasks);
        while (ran < tasks.size() && !tryOffer(tasks, ran)) {
            // They are answered, so nobody waits for this for ever. Mostly there are more places than connections.
            NodeFailure.pause();
        }
    }

    private int tryRun(List<WriteTask<?>> tasks) {
        try {
            return turns.tryRunLight(tasks);
        } catch (OutOfMemoryError beforeTheTurn) {
            return 0;
        }
    }

    private boolean tryOffer(List<WriteTask<?>> tasks, int from) {
        try {
            return offer(tasks.subList(from, tasks.size()));
        } catch (OutOfMemoryError again) {
            return false;
        }
    }

    <R> List<WriteTask<R>> tasks(List<Transaction.Body<R>> bodies) {
        List<WriteTask<R>> tasks = new ArrayList<>(bodies.size());
        for (Transaction.Body<R> body : bodies) {
            tasks.add(new WriteTask<>(body, requireClock));
        }
        return tasks;
    }

    static <R> List<CompletableFuture<Committed<R>>> answers(List<WriteTask<R>> tasks) {
        List<CompletableFuture<Committed<R>>> answers = new ArrayList<>(tasks.size());
        for (WriteTask<R> task : tasks) {
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
        WriterTask<List<Receipt>> task = new WriterTask<>() {
            @Override
            List<Receipt> run(Replica core, long nowMillis) {
                List<Receipt> receipts = new ArrayList<>(frames.size());
                for (Frame frame : frames) {
                    turns.expect(frame);
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
        };
        return turns.tryRun(task) ? answer(task) : run(task);
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
            do {
                batch.clear();
                batch.add(queue.take());
            } while (turns.run(batch, this::addQueued));
        } catch (InterruptedException closed) {
            turns.end(queue::drainTo);
        } catch (Throwable failed) {
            turns.fail(batch, failed);
        }
        stopped = true;
        refuseQueued();
        groups.close();
    }

    private void addQueued(List<Entry> batch) {
        queue.drainTo(batch, GroupCommit.TASKS_MAX - 1);
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
