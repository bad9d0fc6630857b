package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.clocks.ClockWatch;
import dev.hence.node.failure.NodeFailure;
import dev.hence.node.store.WriteRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The right to run tasks on the replica and to commit them, which one thread at a time has. The writer's thread takes its
 * turn for what is queued. A thread that has tasks at hand may take one instead ({@link #tryRun}, {@link #tryRunLight}): two
 * hand-overs of tasks between threads cost more than most tasks.
 *
 * <p><b>Invariants.</b> (1) The replica, the groups, the storage's rows and the committer are used within a turn only. (2) A
 * turn ends with everything committed that has run in it, except that a group may be forced by another thread; only the
 * writer's thread runs anything then. (3) After a failure, or {@link #end}, nothing runs any more.
 *
 * <p>Thread-safe.
 */
final class Turns {

    // Few enough that the caches of a processor hold what was fetched until it is used.
    private static final int KEYS_EXPECTED = 256;

    /** Tasks that were submitted in one call and run one after another. */
    record Entry(List<? extends WriterTask<?>> tasks) {}

    private enum Phase {
        NOT_BEGUN,
        RUNNING,
        ENDED
    }

    private final Replica replica;
    private final GroupCommit groups;
    private final Committer committer;
    private final ClockWatch clocks;
    private final NodeFailure failure;
    private final String failing;
    private final Runnable onEnded;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile int bufferedCount;

    // Guarded by the turn.
    private final List<Bytes> expectedKeys = new ArrayList<>();
    private Phase phase = Phase.NOT_BEGUN;

    /** Why the running turn rejects local writes. */
    private Optional<WriteRefusedException> clockRefusal = Optional.empty();

    /**
     * @param failing what is said to have failed if a task cannot be run or committed
     * @param onEnded called when a turn of another thread than the writer's has failed
     */
    Turns(
            Replica replica,
            GroupCommit groups,
            Committer committer,
            ClockWatch clocks,
            NodeFailure failure,
            String failing,
            Runnable onEnded) {
        this.replica = replica;
        this.groups = groups;
        this.committer = committer;
        this.clocks = clocks;
        this.failure = failure;
        this.failing = failing;
        this.onEnded = onEnded;
    }

    /** From now on tasks may run. */
    void begin() {
        turn.lock();
        try {
            phase = Phase.RUNNING;
        } finally {
            turn.unlock();
        }
    }

    /** The number of updates that waited for others at the last commit. */
    int bufferedCount() {
        return bufferedCount;
    }

    /**
     * Runs tasks for the writer's thread: waits for a turn.
     *
     * @param batch those to run; all of them are answered, or will be when a group that is being forced is
     * @param more adds to them what has been queued meanwhile, when the turn has come
     * @return false if it was the last turn
     */
    boolean run(List<Entry> batch, Consumer<List<Entry>> more) {
        turn.lock();
        try {
            if (phase == Phase.ENDED) {
                refuse(batch);
            } else {
                runOrFail(batch, more);
            }
            return phase != Phase.ENDED;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Runs the last tasks, and waits for their answers.
     *
     * @param last adds them to an empty batch
     */
    void end(Consumer<List<Entry>> last) {
        turn.lock();
        try {
            if (run(new ArrayList<>(), last)) {
                finishForcing();
            }
            phase = Phase.ENDED;
        } finally {
            turn.unlock();
        }
    }

    private void finishForcing() {
        try {
            while (groups.isForcing()) {
                groups.commit();
            }
        } catch (Throwable failed) {
            fail(List.of(), failed);
        }
    }

    /**
     * Runs a task on the caller's thread, which may wait for rows and the disk, if nobody else has the turn.
     *
     * @return whether it ran, and is answered
     */
    boolean tryRun(WriterTask<?> task) {
        List<Entry> batch = List.of(new Entry(List.of(task)));
        if (!tryBegin()) {
            return false;
        }
        try {
            runOrFail(batch, none -> {});
        } finally {
            end();
        }
        return true;
    }

    /**
     * Runs tasks on the caller's thread, which must not wait, as far as that is possible: if nobody else has the turn, the
     * disk is not needed, and the rows that their bodies read are in memory.
     *
     * @return how many ran and are answered, from the first on; the rest did not run
     */
    int tryRunLight(List<? extends WriteTask<?>> tasks) {
        // Made before anything runs: a failure must not depend on memory for it.
        List<Entry> all = List.of(new Entry(tasks));
        if (!tryBegin()) {
            return 0;
        }
        try {
            return committer.mayWait() ? 0 : runLight(tasks);
        } catch (Throwable failed) {
            fail(all, failed);
            return tasks.size();
        } finally {
            end();
        }
    }

    /**
     * Begins a turn, unless another thread has it or waits for it: one that waits has been overtaken already. A virtual
     * thread never has it, because it may have to wait for a processor in the middle. Neither does a thread that is called
     * within its own turn, by an answer.
     */
    private boolean tryBegin() {
        if (committer.forcesGroups()
                || Thread.currentThread().isVirtual()
                || turn.isHeldByCurrentThread()
                || turn.hasQueuedThreads()
                || !turn.tryLock()) {
            return false;
        }
        if (phase == Phase.RUNNING) {
            return true;
        }
        turn.unlock();
        return false;
    }

    private void end() {
        boolean ended = phase == Phase.ENDED;
        turn.unlock();
        if (ended) {
            onEnded.run();
        }
    }

    private void runOrFail(List<Entry> batch, Consumer<List<Entry>> more) {
        try {
            more.accept(batch);
            runBatch(batch);
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

    /** No group is being forced, because that never happens where tasks run on other threads than the writer's. */
    private int runLight(List<? extends WriteTask<?>> tasks) {
        long nowMillis = lookAtClock();
        int expected = 0;
        int ran = 0;
        boolean goesOn = true;
        while (goesOn && ran < tasks.size()) {
            if (ran == expected) {
                expected = expectLight(tasks, ran);
            }
            WriteTask<?> task = tasks.get(ran);
            if (task.tryPerform(replica, nowMillis, committer.cache())) {
                ran++;
                // Another group may find the disk slow.
                goesOn = !groups.ran(task);
            } else {
                goesOn = false;
            }
        }
        if (ran > 0) {
            commitGroup();
        }
        return ran;
    }

    private int expectLight(List<? extends WriteTask<?>> tasks, int from) {
        int to = Math.min(tasks.size(), from + KEYS_EXPECTED);
        tasks.subList(from, to).forEach(task -> task.expectedKeys(expectedKeys));
        announceExpected();
        return to;
    }

    /** Announces the keys of a frame, within a task. */
    void expect(Frame frame) {
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

    /**
     * Called by tasks. Checked once per batch and not before submission: a clock that has just jumped must affect nothing.
     *
     * @throws WriteRefusedException if the wall clock is wrong
     */
    void requireClock() {
        if (clockRefusal.isPresent()) {
            throw WriterReadiness.again(clockRefusal.get());
        }
    }

    private void commitGroup() {
        clocks.applied(replica.timestamp());
        bufferedCount = replica.bufferedCount();
        groups.commit();
    }

    /** The node has failed: ends all turns, and answers the tasks that ran or would have run. */
    void fail(List<Entry> batch, Throwable failed) {
        turn.lock();
        try {
            phase = Phase.ENDED;
            groups.finishForced();
            failure.fail(failing, failed);
            groups.fail(failed, failure.refusal());
            // The rest has not run.
            refuse(batch);
        } finally {
            turn.unlock();
        }
    }

    private void refuse(List<Entry> batch) {
        RuntimeException refusal = failure.refusal();
        for (int i = 0; i < batch.size(); i++) {
            List<? extends WriterTask<?>> tasks = batch.get(i).tasks();
            for (int j = 0; j < tasks.size(); j++) {
                tasks.get(j).insistOnFailed(refusal);
            }
        }
    }
}
