package dev.hence.redis.execution;

import dev.hence.core.keyspace.View;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.redis.connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The reads of one connection with no write before them. They run on the connection's thread and share a snapshot while
 * their replies stay moderate in size; a reply that finds no memory is produced again when there is some.
 *
 * <p>Confined to the connection's own thread.
 */
final class Reads {

    private static final long READ_BYTES_MAX = 1 << 20;

    private final Session session;
    private final ReplyMemory memory;
    private final Replies replies;
    private final CountedView lookups = new CountedView();
    private final List<Request> requests = new ArrayList<>();
    // The first unanswered read, and the memory it needs if it found none.
    private int next;
    private long wantedBytes;

    Reads(Session session, ReplyMemory memory, Replies replies) {
        this.session = session;
        this.memory = memory;
        this.replies = replies;
    }

    void add(Request read) {
        requests.add(read);
    }

    int size() {
        return requests.size();
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
                return run(view);
            }));
        } catch (RuntimeException failed) {
            Reply failure = Failures.reply(failed);
            next = requests.size();
            return requests.subList(first, next).stream().map(any -> failure).toList();
        } finally {
            lookups.addTo(session.commons().usage());
        }
    }

    private List<Reply> run(View view) {
        List<Reply> made = new ArrayList<>(requests.size() - next);
        long bytes = 0;
        while (next < requests.size() && bytes < READ_BYTES_MAX) {
            Request read = requests.get(next);
            memory.begin(read.dropsValues());
            Reply reply;
            try {
                reply = Failures.answered(() -> read.run(lookups.over(view)));
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
