package dev.hence.redis.execution;

import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection, run so that each sees those before it and replies come in their order, and yet
 * waiting as seldom as possible.
 *
 * <ul>
 *   <li>Writes are gathered and handed to the writer together ({@link #finish}), each as its own update.
 *   <li>Reads behind them go to the writer as well if they are cheap, so that they see the writes; those that walk or
 *       have many words wait for the writes instead.
 *   <li>Reads with no write before them are gathered too and share one snapshot, on the connection's thread.
 * </ul>
 *
 * <p>Replies that wait to be sent are bounded in bytes. How large that of a write is shows only when the writer has run
 * it, so once those before it come to enough it is not run but put off ({@link Round}), and so are all after it: they
 * are handed to the writer again when those before are answered. A reply that finds no memory is dropped, and what its
 * command wrote is undone: it is run again when there is some, and refused if there is none for too long.
 *
 * <p>Used by the connection's own thread only.
 */
public final class Pipeline {

    private static final int STEPS_MAX = 1_024;
    private static final int READS_BEHIND_WRITES_MAX = 128;
    private static final int WORDS_BEHIND_WRITES_MAX = 16;
    private static final long READ_BYTES_MAX = 1 << 20;

    /** What replies may come to before they are sent; the last of them may exceed it. */
    private static final long REPLY_BYTES_MAX = 4 << 20;

    /** A command and its words. */
    private record Asked(Command command, Arguments arguments) {}

    /** A read that waits for its turn. */
    private record PlannedRead(Asked asked, Action.Read action) {}

    /** Something whose reply is to come: it is there, or comes from the writer. */
    private static final class Step {
        private final @Nullable Asked asked;
        private final Submission submission;
        private final @Nullable PlannedRead read;
        private @Nullable Reply reply;
        private @Nullable CompletableFuture<Committed<Reply>> outcome;
        // Written by the writer's thread before the outcome is there.
        private boolean putOff;
        // How much memory it was put off for; 0 if it was not tried.
        private long wantedBytes;

        private Step(@Nullable Asked asked, Submission submission, @Nullable PlannedRead read, @Nullable Reply reply) {
            this.asked = asked;
            this.submission = submission;
            this.read = read;
            this.reply = reply;
        }
    }

    /**
     * What the writer was handed at once. Used by the writer's thread, which runs its bodies one after another: the
     * first always, and none any more after the first that is put off.
     */
    private static final class Round {
        private final CountedView lookups = new CountedView();
        private final ReplyMemory memory;
        private long replyBytes;
        private boolean full;

        private Round(ReplyMemory memory) {
            this.memory = memory;
        }

        private Transaction.Body<Reply> bounded(Step step) {
            step.putOff = false;
            step.wantedBytes = 0;
            return transaction -> {
                if (full || replyBytes > REPLY_BYTES_MAX) {
                    step.putOff = true;
                    return Reply.NULL;
                }
                Reply reply = step.read == null
                        ? step.submission.body().run(transaction)
                        : Pipeline.run(step.read, lookups.over(transaction));
                long bytes = Reply.sizeBytes(reply);
                if (!memory.tryAdd(bytes)) {
                    full = true;
                    step.wantedBytes = bytes;
                    step.putOff = true;
                    // What it wrote is undone, as it is to be run again.
                    throw new NoRoomException(bytes);
                }
                replyBytes += bytes;
                return reply;
            };
        }
    }

    private final Session session;
    private final Multi multi;
    private final Admission admission;
    private final Blocking blocking;
    private final ReplyMemory memory;
    private final Line line;
    private final Meter meter;
    private final CountedView lookups = new CountedView();

    private final List<PlannedRead> reads = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private int readsBehindWrites;
    private long waitingReplyBytes;
    // What the first read that was not answered needs.
    private long wantedBytes;

    /**
     * A pipeline without commands.
     *
     * @param admission decides which commands are taken
     * @param memory what replies may take
     */
    public Pipeline(Session session, Admission admission, Blocking blocking, ReplyMemory memory, Line line) {
        this.session = session;
        this.multi = session.multi();
        this.admission = admission;
        this.blocking = blocking;
        this.memory = memory;
        this.line = line;
        this.meter = new Meter(session);
    }

    /**
     * Takes the next command. Its reply may come only with {@link #finish}.
     *
     * @throws IOException if the client has gone
     */
    public void take(Arguments arguments) throws IOException, InterruptedException {
        meter.taken();
        Command command;
        try {
            command = admission.admit(session, arguments);
        } catch (RedisError refused) {
            multi.refused();
            Reply.Failure failure = Failures.reply(refused);
            meter.refused(failure);
            replyAtOnce(null, failure);
            return;
        }
        session.client().sent(command.name());
        if (multi.isOpen() && !command.flags().contains(Flag.WITHIN_MULTI)) {
            replyAtOnce(null, queue(command, arguments));
        } else {
            run(new Asked(command, arguments));
        }
        if (steps.size() + reads.size() >= STEPS_MAX || waitingReplyBytes > REPLY_BYTES_MAX) {
            finish();
        }
    }

    private Reply queue(Command command, Arguments arguments) {
        try {
            multi.queue(queued(command, arguments), arguments.sizeBytes());
            return Reply.QUEUED;
        } catch (RedisError refused) {
            multi.refused();
            Reply.Failure failure = Failures.reply(refused);
            meter.refused(failure);
            return failure;
        }
    }

    private void run(Asked asked) throws IOException, InterruptedException {
        Arguments arguments = asked.arguments();
        switch (asked.command().action()) {
            case Action.Read read -> planRead(new PlannedRead(asked, read), isCheap(asked));
            case Action.Write write ->
                submit(asked, Submission.of(transaction -> write.run(transaction, arguments)), null);
            case Action.AtOnce atOnce -> replyAtOnce(asked, answer(() -> atOnce.run(session, arguments)));
            case Action.Prepared prepared -> prepare(asked, prepared);
            case Action.OnSession onSession -> {
                begin();
                replyAtOnce(asked, answer(() -> onSession.run(session, arguments)));
            }
            case Action.Blocking waits -> {
                begin();
                Reply reply = block(waits, arguments);
                meter.waited(blocking.sleptNanos());
                replyAtOnce(asked, reply);
            }
        }
    }

    /** Answers all before, so that what comes is timed by itself. */
    private void begin() throws IOException, InterruptedException {
        finish();
        meter.taken();
    }

    /** Whether a read may have the writer's time. */
    private static boolean isCheap(Asked asked) {
        return !asked.command().flags().contains(Flag.WALKS)
                && asked.arguments().count() <= WORDS_BEHIND_WRITES_MAX;
    }

    private void planRead(PlannedRead read, boolean cheap) throws IOException, InterruptedException {
        if (steps.isEmpty()) {
            reads.add(read);
        } else if (!cheap || readsBehindWrites >= READS_BEHIND_WRITES_MAX) {
            finish();
            reads.add(read);
        } else {
            readsBehindWrites++;
            submit(read.asked(), Submission.of(transaction -> run(read, transaction)), read);
        }
    }

    private void prepare(Asked asked, Action.Prepared prepared) throws IOException, InterruptedException {
        Submission submission;
        try {
            submission = prepared.prepare(session, asked.arguments());
        } catch (RedisError refused) {
            replyAtOnce(asked, Failures.reply(refused));
            return;
        }
        submit(asked, submission, null);
    }

    private void submit(Asked asked, Submission submission, @Nullable PlannedRead read)
            throws IOException, InterruptedException {
        runReads();
        steps.add(new Step(asked, submission, read, null));
    }

    private void replyAtOnce(@Nullable Asked asked, Reply reply) throws IOException, InterruptedException {
        if (steps.isEmpty()) {
            runReads();
            reply(asked, reply);
        } else {
            steps.add(new Step(asked, Submission.of(transaction -> reply), null, reply));
            waitingReplyBytes += Reply.sizeBytes(reply);
        }
    }

    /** @param asked null for what is not counted: a command that was refused or is queued */
    private void reply(@Nullable Asked asked, Reply reply) throws IOException {
        if (asked != null) {
            meter.answered(asked.command(), asked.arguments(), reply);
        }
        line.reply(reply);
    }

    private Reply block(Action.Blocking waits, Arguments arguments) throws IOException, InterruptedException {
        try {
            return blocking.run(waits.attempt(arguments), memory, line);
        } catch (RuntimeException refused) {
            return Failures.reply(refused);
        }
    }

    /** What a command becomes within a transaction. It answers there as it would alone, but never waits. */
    private Multi.Queued queued(Command command, Arguments arguments) {
        return switch (command.action()) {
            case Action.Read read ->
                within(command, transaction -> {
                    CountedView counted = new CountedView().over(transaction);
                    try {
                        return read.run(counted, arguments);
                    } finally {
                        counted.addTo(session.commons().usage());
                    }
                });
            case Action.Write write -> within(command, transaction -> write.run(transaction, arguments));
            case Action.Blocking waits ->
                within(command, transaction -> {
                    Action.Attempt attempt = waits.attempt(arguments);
                    Reply reply = attempt.body().run(transaction);
                    return reply == null ? attempt.timedOut() : reply;
                });
            case Action.AtOnce atOnce ->
                new Multi.Queued.Afterwards(() -> answer(() -> atOnce.run(session, arguments)));
            case Action.OnSession onSession ->
                new Multi.Queued.Afterwards(() -> answer(() -> onSession.run(session, arguments)));
            // What it makes of the outcome is for EXEC, which is never queued.
            case Action.Prepared prepared ->
                within(command, prepared.prepare(session, arguments).body());
        };
    }

    /**
     * A command that is refused within a transaction answers so, and those after it go on, as in Redis. That is sound
     * only if it wrote nothing; commands look before they write, and here is the check that they did.
     */
    private static Multi.Queued within(Command command, Transaction.Body<Reply> body) {
        return new Multi.Queued.Within(transaction -> {
            int writesBefore = transaction.writes();
            try {
                return body.run(transaction);
            } catch (StorageException | UpdateTooLargeException whole) {
                // Not about this command alone: the transaction has no room left for anything.
                throw whole;
            } catch (RuntimeException refused) {
                if (transaction.writes() != writesBefore) {
                    throw new HalfDoneException(command.name(), refused);
                }
                return Failures.reply(refused);
            }
        });
    }

    /**
     * Runs all that was taken and answers it.
     *
     * @throws IOException if the client has gone
     */
    public void finish() throws IOException, InterruptedException {
        runReads();
        while (!steps.isEmpty()) {
            submitSteps();
            answerSteps();
            memory.release();
            awaitRoomForFirst();
        }
        memory.release();
        multi.settled();
        readsBehindWrites = 0;
        waitingReplyBytes = 0;
        meter.done();
    }

    private void submitSteps() throws InterruptedException {
        Round round = new Round(memory);
        List<Step> submitted = new ArrayList<>(steps.size());
        List<Transaction.Body<Reply>> bodies = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (step.reply == null) {
                submitted.add(step);
                bodies.add(round.bounded(step));
            }
        }
        if (bodies.isEmpty()) {
            return;
        }
        try {
            List<CompletableFuture<Committed<Reply>>> outcomes = session.store().submit(bodies);
            for (int at = 0; at < outcomes.size(); at++) {
                submitted.get(at).outcome = outcomes.get(at);
            }
            // They are completed in order, so this thread is woken once rather than for each.
            awaitQuietly(outcomes.getLast());
            round.lookups.addTo(session.commons().usage());
        } catch (WriteRefusedException refused) {
            for (Step step : submitted) {
                step.outcome = null;
                step.reply = step.read == null ? Failures.reply(refused) : null;
            }
        }
    }

    private void awaitRoomForFirst() throws InterruptedException {
        if (!steps.isEmpty() && steps.getFirst().wantedBytes > 0) {
            Step first = steps.getFirst();
            if (!memory.awaitRoom(first.wantedBytes)) {
                first.putOff = false;
                first.outcome = null;
                first.reply = Failures.reply(memory.refusal(first.wantedBytes));
            }
        }
    }

    /** Answers the steps up to the first that was put off. */
    private void answerSteps() throws IOException, InterruptedException {
        int answered = 0;
        try {
            while (answered < steps.size() && !steps.get(answered).putOff) {
                Step step = steps.get(answered);
                answered++;
                reply(step.asked, outcome(step));
            }
        } finally {
            steps.subList(0, answered).clear();
        }
    }

    private static void awaitQuietly(CompletableFuture<?> last) throws InterruptedException {
        try {
            last.get();
        } catch (ExecutionException answeredWithTheOthers) {
            // Each step looks at its own outcome.
        }
    }

    private Reply outcome(Step step) throws InterruptedException {
        if (step.reply != null) {
            return step.reply;
        }
        if (step.outcome == null) {
            return readAlone(Objects.requireNonNull(step.read, "read"));
        }
        try {
            Committed<Reply> committed = step.outcome.get();
            session.saw(committed.clock());
            if (committed.update() != null) {
                session.wrote(committed.update().dot());
            }
            return step.submission.answer().apply(committed.result());
        } catch (ExecutionException failed) {
            // A refusal was decided on something that the client has now seen a trace of.
            session.saw(session.store().clock());
            Throwable cause = failed.getCause();
            return Failures.reply(cause == null ? failed : cause);
        }
    }

    private Reply readAlone(PlannedRead read) {
        return answer(() -> {
            Reading<Reply> reading = session.store().read(view -> run(read, lookups.over(view)));
            lookups.addTo(session.commons().usage());
            session.saw(reading.clock());
            long bytes = Reply.sizeBytes(reading.value());
            if (!memory.tryAdd(bytes)) {
                throw memory.refusal(bytes);
            }
            return reading.value();
        });
    }

    /** Runs the reads that wait, as many from one snapshot as have replies of a moderate size. */
    private void runReads() throws IOException, InterruptedException {
        int[] next = {0};
        while (next[0] < reads.size()) {
            int first = next[0];
            wantedBytes = 0;
            List<Reply> replies;
            try {
                Reading<List<Reply>> reading =
                        memory.reading(() -> session.store().read(view -> runReads(next, view)));
                session.saw(reading.clock());
                replies = reading.value();
            } catch (RuntimeException failed) {
                Reply failure = Failures.reply(failed);
                replies = reads.subList(first, reads.size()).stream()
                        .map(any -> failure)
                        .toList();
                next[0] = reads.size();
            } finally {
                lookups.addTo(session.commons().usage());
            }
            for (int at = 0; at < replies.size(); at++) {
                reply(reads.get(first + at).asked(), replies.get(at));
            }
            memory.release();
            if (wantedBytes > 0 && !memory.awaitRoom(wantedBytes)) {
                reply(reads.get(next[0]++).asked(), Failures.reply(memory.refusal(wantedBytes)));
            }
        }
        reads.clear();
    }

    private List<Reply> runReads(int[] next, View view) {
        List<Reply> replies = new ArrayList<>(reads.size() - next[0]);
        long bytes = 0;
        while (next[0] < reads.size() && bytes < READ_BYTES_MAX) {
            PlannedRead read = reads.get(next[0]);
            Reply reply;
            try {
                reply = answer(() -> run(read, lookups.over(view)));
            } catch (NoRoomException beforeReading) {
                wantedBytes = beforeReading.wantedBytes();
                break;
            }
            long replyBytes = Reply.sizeBytes(reply);
            if (!memory.tryAdd(replyBytes)) {
                wantedBytes = replyBytes;
                break;
            }
            next[0]++;
            bytes += replyBytes;
            replies.add(reply);
        }
        return replies;
    }

    private static Reply run(PlannedRead read, View view) {
        return read.action().run(view, read.asked().arguments());
    }

    /** Something that may be refused. */
    @FunctionalInterface
    private interface Answering {
        Reply run() throws InterruptedException;
    }

    private static Reply answer(Answering command) {
        try {
            return command.run();
        } catch (ClientGoneException | NoRoomException notAnswered) {
            throw notAnswered;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Failures.reply(interrupted);
        } catch (RuntimeException refused) {
            return Failures.reply(refused);
        }
    }
}
