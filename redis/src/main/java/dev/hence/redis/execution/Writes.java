package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.engine.storage.ReadInterrupted;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRound;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one connection and the requests behind them, passed to the writer together, each as its own update, and
 * answered in order.
 *
 * <p>Unsent replies are bounded in bytes. The size of a write's reply is known only after the writer has run it. So
 * once the earlier replies reach the bound, a request is not run but deferred ({@link Batch}), as are all after it;
 * they are submitted again when the earlier ones are answered. A reply that finds no memory is dropped, and its
 * command's writes are undone: the command is run again when there is memory, and rejected if there is none in time.
 *
 * <p>Confined to the connection's own thread.
 */
final class Writes {

    private static final int READS_MAX = 128;

    /** The maximum size of replies before they are sent; the last of them may exceed it. */
    private static final long REPLY_BYTES_MAX = 4 << 20;

    /** The maximum size of requests that one thread runs beside others. */
    private static final long LIGHT_BYTES_MAX = 256 << 10;

    // What a client does not take at once is kept until a thread may wait for it.
    private static final long REPLY_NOW_BYTES_MAX = 256 << 10;

    /**
     * One batch submitted to the writer. Used by the thread that has the writer's turn, which runs its bodies one after
     * another: always the first, and none after the first that is deferred.
     */
    private static final class Batch {
        private final CountedView lookups = new CountedView();
        private final ReplyMemory memory;
        private long replyBytes;
        private boolean full;

        private Batch(ReplyMemory memory) {
            this.memory = memory;
        }

        private List<Transaction.Body<Reply>> bodies(List<Request> requests) {
            List<Transaction.Body<Reply>> bodies = new ArrayList<>(requests.size());
            for (Request request : requests) {
                bodies.add(new Transaction.Body<>() {
                    @Override
                    public Reply run(Transaction transaction) {
                        return Batch.this.run(request, transaction);
                    }

                    @Override
                    public @Nullable Bytes expectedKey() {
                        return request.expectedKey();
                    }
                });
            }
            return bodies;
        }

        private Reply runCounted(Request request, Transaction transaction) {
            long found = lookups.found();
            long absent = lookups.absent();
            try {
                return request.run(transaction, lookups);
            } catch (ReadInterrupted runAgain) {
                lookups.back(found, absent);
                throw runAgain;
            }
        }

        /** Whether some of them were not run. */
        private boolean isPartial() {
            return full || replyBytes > REPLY_BYTES_MAX;
        }

        private Reply run(Request request, Transaction transaction) {
            if (full || replyBytes > REPLY_BYTES_MAX) {
                request.putOff = true;
                return Reply.NULL;
            }
            Reply reply = runCounted(request, transaction);
            long bytes = Reply.sizeBytes(reply);
            if (!memory.tryAdd(bytes)) {
                full = true;
                request.wantedBytes = bytes;
                request.putOff = true;
                // Its writes are undone, because it will be run again.
                throw new NoRoomException(bytes);
            }
            replyBytes += bytes;
            return reply;
        }
    }

    private final Session session;
    private final ReplyMemory memory;
    private final Replies replies;
    private final Reads reads;
    private final List<Request> requests = new ArrayList<>();
    private int readCount;
    private long answeredBytes;
    // What was submitted and is not answered yet.
    private @Nullable Batch submitted;

    /** @param reads answers reads whose write batch was rejected by the node as a whole */
    Writes(Session session, ReplyMemory memory, Replies replies, Reads reads) {
        this.session = session;
        this.memory = memory;
        this.replies = replies;
        this.reads = reads;
    }

    /** Adds a request: one for the writer, or an answered one behind it. */
    void add(Request request) {
        if (submitted != null) {
            throw new IllegalStateException(
                    "writes: submitted, and not answered yet (expected: no request behind them)");
        }
        requests.add(request);
        if (request.isRead()) {
            readCount++;
        }
        if (request.reply != null) {
            answeredBytes += Reply.sizeBytes(request.reply);
        }
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /** Whether requests were submitted that must be answered before another is added. */
    boolean isSubmitted() {
        return submitted != null;
    }

    int size() {
        return requests.size();
    }

    /** Whether another read may be added to the batch. */
    boolean hasRoomForRead() {
        return readCount < READS_MAX;
    }

    /** Whether the pending replies are large enough that all should be answered now. */
    boolean isHoldingMuch() {
        return answeredBytes > REPLY_BYTES_MAX;
    }

    /**
     * Submits all requests to the writer without waiting.
     *
     * @param round of the calling thread
     * @param whenAnswered called on any thread when {@link #tryAnswer} can be called
     * @return false if that is not possible: {@link #finish} them
     */
    boolean trySubmit(WriteRound round, Runnable whenAnswered) {
        Batch batch = new Batch(memory);
        List<Request> unanswered = unanswered();
        if (unanswered.isEmpty()) {
            return false;
        }
        try {
            Optional<List<CompletableFuture<Committed<Reply>>>> outcomes =
                    round.add(batch.bodies(unanswered), areLight(unanswered), whenAnswered);
            if (outcomes.isEmpty()) {
                return false;
            }
            submitted(batch, unanswered, outcomes.get());
            return true;
        } catch (WriteRefusedException again) {
            return false;
        }
    }

    private static boolean areLight(List<Request> requests) {
        long bytes = 0;
        for (Request request : requests) {
            bytes += request.arguments.sizeBytes();
            if (!request.isCheap() || bytes > LIGHT_BYTES_MAX) {
                return false;
            }
        }
        return true;
    }

    /**
     * Answers what {@link #trySubmit} submitted, once it has run.
     *
     * @return false if that is not possible without waiting: {@link #finish} does the rest
     */
    boolean tryAnswer() throws IOException, InterruptedException {
        if (submitted == null || submitted.replyBytes > REPLY_NOW_BYTES_MAX || submitted.isPartial()) {
            return false;
        }
        answer();
        memory.release();
        ended();
        return true;
    }

    /** Runs and answers all requests. */
    void finish() throws IOException, InterruptedException {
        while (!requests.isEmpty()) {
            if (submitted == null) {
                submit();
            }
            answer();
            memory.release();
            awaitRoomForFirst();
        }
        ended();
    }

    private void ended() {
        readCount = 0;
        answeredBytes = 0;
    }

    private List<Request> unanswered() {
        List<Request> unanswered = new ArrayList<>(requests.size());
        for (Request request : requests) {
            if (request.reply == null) {
                request.putOff = false;
                request.wantedBytes = 0;
                unanswered.add(request);
            }
        }
        return unanswered;
    }

    private void submit() throws InterruptedException {
        Batch batch = new Batch(memory);
        List<Request> unanswered = unanswered();
        if (unanswered.isEmpty()) {
            return;
        }
        try {
            List<CompletableFuture<Committed<Reply>>> outcomes = session.store().submit(batch.bodies(unanswered));
            submitted(batch, unanswered, outcomes);
            // They complete in order, so this thread is woken once instead of per request.
            awaitQuietly(outcomes.getLast());
        } catch (WriteRefusedException refused) {
            for (Request request : unanswered) {
                request.outcome = null;
                request.reply = request.isRead() ? null : Failures.reply(refused);
            }
        }
    }

    private void submitted(Batch batch, List<Request> unanswered, List<CompletableFuture<Committed<Reply>>> outcomes) {
        for (int at = 0; at < outcomes.size(); at++) {
            unanswered.get(at).outcome = outcomes.get(at);
        }
        submitted = batch;
    }

    private static void awaitQuietly(CompletableFuture<?> last) throws InterruptedException {
        try {
            last.get();
        } catch (ExecutionException answeredWithTheOthers) {
            // Each request checks its own outcome.
        }
    }

    /** Answers the requests up to the first deferred one. */
    private void answer() throws IOException, InterruptedException {
        int answered = 0;
        if (submitted != null) {
            submitted.lookups.addTo(session.commons().usage());
            submitted = null;
        }
        try {
            while (answered < requests.size() && !requests.get(answered).putOff) {
                Request request = requests.get(answered);
                answered++;
                replies.add(request, reply(request));
            }
        } finally {
            requests.subList(0, answered).clear();
        }
    }

    private Reply reply(Request request) throws InterruptedException {
        if (request.reply != null) {
            return request.reply;
        }
        if (request.outcome == null) {
            return reads.alone(request);
        }
        try {
            Committed<Reply> committed = request.outcome.get();
            session.committed(committed);
            return request.answer(committed.result());
        } catch (ExecutionException failed) {
            session.refused();
            Throwable cause = failed.getCause();
            return Failures.reply(cause == null ? failed : cause);
        }
    }

    private void awaitRoomForFirst() throws InterruptedException {
        if (!requests.isEmpty() && requests.getFirst().wantedBytes > 0) {
            Request first = requests.getFirst();
            if (!memory.awaitRoom(first.wantedBytes)) {
                first.putOff = false;
                first.outcome = null;
                first.reply = Failures.reply(memory.refusal(first.wantedBytes));
            }
        }
    }
}
