package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reads of one connection with no write before them, and answered requests between them. They run on the
 * connection's thread and share a snapshot while their replies stay moderate in size; a reply that finds no memory is
 * produced again when there is some.
 *
 * <p>Confined to the connection's own thread.
 */
final class Reads {

    private static final long READ_BYTES_MAX = 1 << 20;
    // What a client does not take at once is kept until a thread may wait for it.
    private static final long READ_NOW_BYTES_MAX = 256 << 10;

    private final Session session;
    private final ReplyMemory memory;
    private final Replies replies;
    private final CountedView lookups = new CountedView();
    private final List<Request> requests = new ArrayList<>();
    // The first unanswered read, and the memory it needs if it found none.
    private int next;
    private long wantedBytes;
    private long answeredBytes;

    Reads(Session session, ReplyMemory memory, Replies replies) {
        this.session = session;
        this.memory = memory;
        this.replies = replies;
    }

    void add(Request read) {
        requests.add(read);
        if (read.reply != null) {
            answeredBytes += Reply.sizeBytes(read.reply);
        }
    }

    /** Whether the replies that wait are large enough that all should be answered now. */
    boolean isHoldingMuch() {
        return answeredBytes > READ_NOW_BYTES_MAX;
    }

    int size() {
        return requests.size();
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    /**
     * Runs and answers all reads without waiting.
     *
     * @return false if that is not possible: {@link #finish} does the rest
     */
    boolean tryFinish() throws IOException {
        if (requests.isEmpty()) {
            return true;
        }
        next = 0;
        wantedBytes = 0;
        List<Reply> made = tryRun();
        for (int at = 0; at < made.size(); at++) {
            replies.add(requests.get(at), made.get(at));
        }
        memory.release();
        requests.subList(0, made.size()).clear();
        answeredBytes = requests.isEmpty() ? 0 : answeredBytes;
        return requests.isEmpty();
    }

    /** The replies to the first requests; none if it would wait. */
    private List<Reply> tryRun() {
        long mark = memory.mark();
        expect();
        try {
            Optional<List<Reply>> made = session.tryRead(view -> {
                lookups.restart();
                return run(view, READ_NOW_BYTES_MAX);
            });
            if (made.isEmpty()) {
                memory.dropSince(mark);
                lookups.restart();
            }
            return made.orElse(List.of());
        } catch (RuntimeException failed) {
            memory.dropSince(mark);
            lookups.restart();
            wantedBytes = 0;
            return List.of();
        } finally {
            lookups.addTo(session.commons().usage());
        }
    }

    private void expect() {
        if (requests.size() > 1) {
            List<Bytes> keys = new ArrayList<>(requests.size());
            for (Request read : requests) {
                Bytes key = read.expectedKey();
                if (key != null) {
                    keys.add(key);
                }
            }
            session.store().expect(keys);
        }
    }

    /** Runs and answers all reads. */
    void finish() throws IOException, InterruptedException {
        next = 0;
        while (next < requests.size()) {
            int first = next;
            List<Reply> made = runSome();
            for (int at = 0; at < made.size(); at++) {
                replies.add(requests.get(first + at), made.get(at));
            }
            memory.release();
            if (wantedBytes > 0 && !memory.awaitRoom(wantedBytes)) {
                replies.add(requests.get(next++), Failures.reply(memory.refusal(wantedBytes)));
            }
        }
        requests.clear();
        answeredBytes = 0;
    }

    private List<Reply> runSome() {
        int first = next;
        long mark = memory.mark();
        try {
            return memory.reading(() -> session.read(view -> {
                // May be run again: of an earlier run nothing counts.
                next = first;
                wantedBytes = 0;
                memory.dropSince(mark);
                lookups.restart();
                return run(view, READ_BYTES_MAX);
            }));
        } catch (RuntimeException failed) {
            Reply failure = Failures.reply(failed);
            next = requests.size();
            wantedBytes = 0;
            return requests.subList(first, next).stream()
                    .map(each -> each.reply != null ? each.reply : failure)
                    .toList();
        } finally {
            lookups.addTo(session.commons().usage());
        }
    }

    private List<Reply> run(View view, long bytesMax) {
        List<Reply> made = new ArrayList<>(requests.size() - next);
        long bytes = 0;
        while (next < requests.size() && bytes < bytesMax) {
            Request read = requests.get(next);
            memory.begin(read.dropsValues());
            Reply reply;
            try {
                reply = read.reply != null ? read.reply : Failures.answered(() -> read.run(lookups.over(view)));
            } catch (NoRoomException beforeReading) {
                wantedBytes = beforeReading.wantedBytes();
                break;
            }
            long replyBytes = Reply.sizeBytes(reply);
            if (!memory.tryAdd(replyBytes)) {
                wantedBytes = replyBytes;
                break;
            }
            next++;
            bytes += replyBytes;
            made.add(reply);
        }
        return made;
    }

    /** The reply to a read that must run now, from a snapshot of its own. */
    Reply alone(Request read) {
        return Failures.answered(() -> {
            Reply reply = session.read(view -> {
                lookups.restart();
                return read.run(lookups.over(view));
            });
            lookups.addTo(session.commons().usage());
            long bytes = Reply.sizeBytes(reply);
            if (!memory.tryAdd(bytes)) {
                throw memory.refusal(bytes);
            }
            return reply;
        });
    }
}
