package dev.hence.redis.execution;

import dev.hence.core.replica.Transaction;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The writes of one connection and the requests behind them, passed to the writer together, each as its own update, and
 * answered in order.
 *
 * <p>Unsent replies are bounded in bytes. The size of a write's reply is known only after the writer has run it. So
 * once the earlier replies reach the bound, a request is not run but deferred ({@link Round}), as are all after it;
 * they are submitted again when the earlier ones are answered. A reply that finds no memory is dropped, and its
 * command's writes are undone: the command is run again when there is memory, and rejected if there is none in time.
 *
 * <p>Confined to the connection's own thread.
 */
final class Writes {

    private static final int READS_MAX = 128;

    /** The maximum size of replies before they are sent; the last of them may exceed it. */
    private static final long REPLY_BYTES_MAX = 4 << 20;

    /**
     * One batch submitted to the writer. Used by the writer's thread, which runs its bodies one after another: always
     * the first, and none after the first that is deferred.
     */
    private static final class Round {
        private final CountedView lookups = new CountedView();
        private final ReplyMemory memory;
        private long replyBytes;
        private boolean full;

        private Round(ReplyMemory memory) {
            this.memory = memory;
        }

        private Reply run(Request request, Transaction transaction) {
            if (full || replyBytes > REPLY_BYTES_MAX) {
                request.putOff = true;
                return Reply.NULL;
            }
            Reply reply = request.run(transaction, lookups);
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

    /** @param reads answers reads whose write batch was rejected by the node as a whole */
    Writes(Session session, ReplyMemory memory, Replies replies, Reads reads) {
        this.session = session;
        this.memory = memory;
        this.replies = replies;
        this.reads = reads;
    }

    /** Adds a request: one for the writer, or an answered one behind it. */
    void add(Request request) {
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

    /** Runs and answers all requests. */
    void finish() throws IOException, InterruptedException {
        while (!requests.isEmpty()) {
            submit();
            answer();
            memory.release();
            awaitRoomForFirst();
        }
        readCount = 0;
        answeredBytes = 0;
    }

    private void submit() throws InterruptedException {
        Round round = new Round(memory);
        List<Request> submitted = new ArrayList<>(requests.size());
        List<Transaction.Body<Reply>> bodies = new ArrayList<>(requests.size());
        for (Request request : requests) {
            if (request.reply == null) {
                request.putOff = false;
                request.wantedBytes = 0;
                submitted.add(request);
                bodies.add(transaction -> round.run(request, transaction));
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
            // They complete in order, so this thread is woken once instead of per request.
            awaitQuietly(outcomes.getLast());
            round.lookups.addTo(session.commons().usage());
        } catch (WriteRefusedException refused) {
            for (Request request : submitted) {
                request.outcome = null;
                request.reply = request.isRead() ? null : Failures.reply(refused);
            }
        }
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
