package dev.hence.redis.execution;

import dev.hence.node.store.WriteRound;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection, executed so that each sees the effects of earlier ones and replies keep their order,
 * with as few waits as possible.
 *
 * <ul>
 *   <li>Writes are batched and passed to the writer together ({@link Writes}), each as its own update.
 *   <li>Cheap reads behind them go to the writer as well, so that they see the writes; reads that iterate or have many
 *       words wait for the writes instead.
 *   <li>Reads with no write before them are batched too and share one snapshot ({@link Reads}).
 * </ul>
 *
 * <p>A thread that serves many clients offers the commands ({@link #offer}, {@link #tryFinish}, {@link #tryAnswer}); as
 * soon as one of these calls would wait, it hands the pipeline over to a thread that may ({@link #resume}, {@link #take},
 * {@link #finish}).
 *
 * <p><b>Invariant.</b> Pending requests are either in {@code reads} or in {@code writes}: reads are answered before the
 * first write is added, and writes before the next read is planned.
 *
 * <p>Used by one thread at a time.
 */
public final class Pipeline {

    private static final int REQUESTS_MAX = 1_024;

    /** The rest of a command that waits. */
    @FunctionalInterface
    private interface Waiting {
        void run() throws IOException, InterruptedException;
    }

    private final Session session;
    private final Multi multi;
    private final Admission admission;
    private final ReplyMemory memory;
    private final Replies replies;
    private final Reads reads;
    private final Writes writes;
    private final Blocking blocking;
    private @Nullable Waiting waiting;

    /** A pipeline without commands. */
    public Pipeline(Session session) {
        this.session = session;
        this.multi = session.multi();
        this.admission =
                new Admission(session.commands(), session.commons().config().limits());
        this.memory = new ReplyMemory(session.connection().memory());
        this.replies = new Replies(session);
        this.reads = new Reads(session, memory, replies);
        this.writes = new Writes(session, memory, replies, reads);
        this.blocking = new Blocking(session, memory);
    }

    /**
     * Accepts the next command. Its reply may be delayed until {@link #finish}.
     *
     * @throws IOException if the client has gone
     */
    public void take(Arguments arguments) throws IOException, InterruptedException {
        if (!offer(arguments)) {
            resume();
        }
        if (isFull()) {
            finish();
        }
    }

    /**
     * Accepts the next command if that takes no wait, neither for earlier commands nor for the command itself.
     *
     * @return false if it does: call {@link #resume} on a thread that may wait
     */
    public boolean offer(Arguments arguments) throws IOException {
        replies.taken();
        Command command;
        try {
            command = admission.admit(session, arguments);
        } catch (RedisError refused) {
            replyAtOnce(null, arguments, refusedUnrun(refused));
            return true;
        }
        session.client().sent(command.name());
        if (multi.isOpen() && !command.flags().contains(Flag.WITHIN_MULTI)) {
            replyAtOnce(null, arguments, queue(command, arguments));
            return true;
        }
        return offer(command, arguments);
    }

    /** Whether the accepted commands should be answered before another is taken. */
    public boolean isFull() {
        return writes.size() + reads.size() >= REQUESTS_MAX || writes.isHoldingMuch() || reads.isHoldingMuch();
    }

    /**
     * Does what was left because it would have waited: answers the commands that were submitted, and accepts the one that
     * {@link #offer} left.
     */
    public void resume() throws IOException, InterruptedException {
        if (writes.isSubmitted()) {
            finish();
        }
        Waiting left = waiting;
        waiting = null;
        if (left != null) {
            left.run();
        }
    }

    private Reply refusedUnrun(RedisError refused) {
        multi.refused();
        Reply.Failure failure = Failures.reply(refused);
        replies.refused(failure);
        return failure;
    }

    private Reply queue(Command command, Arguments arguments) {
        try {
            multi.queue(Multi.Queued.of(command, arguments, session), arguments.sizeBytes());
            return Reply.QUEUED;
        } catch (RedisError refused) {
            return refusedUnrun(refused);
        }
    }

    private boolean offer(Command command, Arguments arguments) throws IOException {
        return switch (command.action()) {
            case Action.Read read -> offerRead(Request.read(command, arguments, read));
            case Action.Write write -> offerWrite(Request.write(command, arguments, write), false);
            case Action.AtOnce atOnce -> offerAtOnce(command, arguments, atOnce);
            case Action.Prepared prepared -> prepare(command, arguments, prepared);
            case Action.OnSession onSession ->
                leave(() -> {
                    begin();
                    replyAtOnce(command, arguments, Failures.answered(() -> onSession.run(session, arguments)));
                });
            case Action.Blocking waits ->
                leave(() -> {
                    begin();
                    Reply reply = block(waits, arguments);
                    replies.waited(blocking.takeSleptNanos());
                    replyAtOnce(command, arguments, reply);
                });
        };
    }

    private boolean offerAtOnce(Command command, Arguments arguments, Action.AtOnce atOnce) throws IOException {
        if (command.flags().contains(Flag.WALKS)) {
            return leave(
                    () -> replyAtOnce(command, arguments, Failures.answered(() -> atOnce.run(session, arguments))));
        }
        replyAtOnce(command, arguments, Failures.answered(() -> atOnce.run(session, arguments)));
        return true;
    }

    private boolean leave(Waiting rest) {
        waiting = rest;
        return false;
    }

    private Reply block(Action.Blocking waits, Arguments arguments) throws InterruptedException {
        try {
            return blocking.run(waits.attempt(arguments));
        } catch (ClientGoneException gone) {
            throw gone;
        } catch (RuntimeException refused) {
            return Failures.reply(refused);
        }
    }

    /** Answers all earlier commands, so that the next one is timed separately. */
    private void begin() throws IOException, InterruptedException {
        finish();
        replies.taken();
    }

    private boolean offerRead(Request read) {
        boolean cheap = read.isCheap();
        if (cheap && writes.isEmpty()) {
            reads.add(read);
            return true;
        }
        if (cheap && writes.hasRoomForRead()) {
            writes.add(read);
            return true;
        }
        return leave(() -> {
            begin();
            reads.add(read);
        });
    }

    private boolean prepare(Command command, Arguments arguments, Action.Prepared prepared) throws IOException {
        Submission submission;
        try {
            submission = prepared.prepare(session, arguments);
        } catch (RedisError refused) {
            replyAtOnce(command, arguments, Failures.reply(refused));
            return true;
        }
        return offerWrite(Request.submission(command, arguments, submission), submission.changesSession());
    }

    /** @param changesSession whether its answer does, so that it is awaited */
    private boolean offerWrite(Request write, boolean changesSession) throws IOException {
        if (!changesSession && reads.tryFinish()) {
            writes.add(write);
            return true;
        }
        return leave(() -> {
            reads.finish();
            writes.add(write);
            if (changesSession) {
                finish();
            }
        });
    }

    private void replyAtOnce(@Nullable Command command, Arguments arguments, Reply reply) throws IOException {
        if (!writes.isEmpty()) {
            writes.add(Request.answered(command, arguments, reply));
        } else if (reads.isEmpty()) {
            replies.add(command, arguments, reply);
        } else {
            reads.add(Request.answered(command, arguments, reply));
        }
    }

    /**
     * Runs and answers all accepted commands.
     *
     * @throws IOException if the client has gone
     * @throws ClientGoneException the same
     */
    public void finish() throws IOException, InterruptedException {
        reads.finish();
        writes.finish();
        done();
    }

    /** How far {@link #tryFinish} came. */
    public enum Progress {
        /** All commands are answered. */
        DONE,
        /** The writer runs the commands; {@link #tryAnswer} answers them. */
        SUBMITTED,
        /** It would have to wait: {@link #finish} does the rest. */
        WOULD_WAIT
    }

    /**
     * Runs all accepted commands without waiting.
     *
     * @param round where they are submitted if they write
     * @param whenAnswered if they are submitted, called on any thread when the writer has run them
     */
    public Progress tryFinish(WriteRound round, Runnable whenAnswered) throws IOException {
        if (!reads.tryFinish()) {
            return Progress.WOULD_WAIT;
        }
        if (writes.isEmpty()) {
            done();
            return Progress.DONE;
        }
        return writes.trySubmit(round, whenAnswered) ? Progress.SUBMITTED : Progress.WOULD_WAIT;
    }

    /** Answers the commands that were submitted; returns false if {@link #finish} must do it, because it would wait. */
    public boolean tryAnswer() throws IOException, InterruptedException {
        if (!writes.tryAnswer()) {
            return false;
        }
        done();
        return true;
    }

    private void done() {
        memory.release();
        multi.settled();
        replies.done();
    }
}
