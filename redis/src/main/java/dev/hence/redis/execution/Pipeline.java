package dev.hence.redis.execution;

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
 * <p><b>Invariant.</b> Pending requests are either in {@code reads} or in {@code writes}: reads are answered before the
 * first write is added, and writes before the next read is planned.
 *
 * <p>Confined to the connection's own thread.
 */
public final class Pipeline {

    private static final int REQUESTS_MAX = 1_024;
    private static final int WORDS_BEHIND_WRITES_MAX = 16;

    private final Session session;
    private final Multi multi;
    private final Admission admission;
    private final ReplyMemory memory;
    private final Replies replies;
    private final Reads reads;
    private final Writes writes;
    private final Blocking blocking;

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
        replies.taken();
        Command command;
        try {
            command = admission.admit(session, arguments);
        } catch (RedisError refused) {
            replyAtOnce(null, arguments, refusedUnrun(refused));
            return;
        }
        session.client().sent(command.name());
        if (multi.isOpen() && !command.flags().contains(Flag.WITHIN_MULTI)) {
            replyAtOnce(null, arguments, queue(command, arguments));
        } else {
            run(command, arguments);
        }
        if (writes.size() + reads.size() >= REQUESTS_MAX || writes.isHoldingMuch()) {
            finish();
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

    private void run(Command command, Arguments arguments) throws IOException, InterruptedException {
        switch (command.action()) {
            case Action.Read read -> planRead(Request.read(command, arguments, read), isCheap(command, arguments));
            case Action.Write write -> submit(Request.write(command, arguments, write));
            case Action.AtOnce atOnce ->
                replyAtOnce(command, arguments, Failures.answered(() -> atOnce.run(session, arguments)));
            case Action.Prepared prepared -> prepare(command, arguments, prepared);
            case Action.OnSession onSession -> {
                begin();
                replyAtOnce(command, arguments, Failures.answered(() -> onSession.run(session, arguments)));
            }
            case Action.Blocking waits -> {
                begin();
                Reply reply = block(waits, arguments);
                replies.waited(blocking.takeSleptNanos());
                replyAtOnce(command, arguments, reply);
            }
        }
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

    /** Whether a read is cheap enough for the writer's thread. */
    private static boolean isCheap(Command command, Arguments arguments) {
        return !command.flags().contains(Flag.WALKS) && arguments.count() <= WORDS_BEHIND_WRITES_MAX;
    }

    private void planRead(Request read, boolean cheap) throws IOException, InterruptedException {
        if (writes.isEmpty()) {
            reads.add(read);
        } else if (!cheap || !writes.hasRoomForRead()) {
            finish();
            reads.add(read);
        } else {
            writes.add(read);
        }
    }

    private void prepare(Command command, Arguments arguments, Action.Prepared prepared)
            throws IOException, InterruptedException {
        Submission submission;
        try {
            submission = prepared.prepare(session, arguments);
        } catch (RedisError refused) {
            replyAtOnce(command, arguments, Failures.reply(refused));
            return;
        }
        submit(Request.submission(command, arguments, submission));
        if (submission.changesSession()) {
            finish();
        }
    }

    private void submit(Request write) throws IOException, InterruptedException {
        reads.finish();
        writes.add(write);
    }

    private void replyAtOnce(@Nullable Command command, Arguments arguments, Reply reply)
            throws IOException, InterruptedException {
        if (writes.isEmpty()) {
            reads.finish();
            replies.add(command, arguments, reply);
        } else {
            writes.add(Request.answered(command, arguments, reply));
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
        memory.release();
        multi.settled();
        replies.done();
    }
}
