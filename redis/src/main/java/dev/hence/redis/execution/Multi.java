package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.CollectionMeta;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.Deadlines;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.engine.storage.StorageException;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What MULTI and WATCH have begun on one connection: the commands that EXEC is to run as one update, and the keys
 * that must not have changed by then.
 *
 * <p>A watched key has changed if what is known of it is not what it was: every write to a key, from whichever
 * node, leaves other dots, counts or deadlines in its head. Only these are kept of it ({@link Look}), as values can be
 * large. A key that has expired since has changed too.
 *
 * <p>Used by the connection's own thread only; what {@link #exec} returns runs on the writer and shares nothing
 * with this.
 */
public final class Multi {

    /** A command that waits for EXEC. It answers there as it would alone, but never waits. */
    public sealed interface Queued {

        /** About keys: run on the writer, within the transaction. It answers refusals rather than throwing them. */
        record Within(Transaction.Body<Reply> body) implements Queued {}

        /** About the connection or the node: run on the connection's thread when the transaction is committed. */
        record Afterwards(Supplier<Reply> action) implements Queued {}

        /**
         * What a command becomes within a transaction.
         *
         * @throws RedisError if its arguments show already that it cannot be run
         */
        static Queued of(Command command, Arguments arguments, Session session) {
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
                    new Afterwards(() -> Failures.answered(() -> atOnce.run(session, arguments)));
                case Action.OnSession onSession ->
                    new Afterwards(() -> Failures.answered(() -> onSession.run(session, arguments)));
                // What it makes of the outcome is for EXEC, which is never queued.
                case Action.Prepared prepared ->
                    within(command, prepared.prepare(session, arguments).body());
            };
        }

        /**
         * A command that is refused within a transaction answers so, and those after it go on, as in Redis. That is sound
         * only if it wrote nothing; commands look before they write, and here is the check that they did.
         */
        private static Queued within(Command command, Transaction.Body<Reply> body) {
            return new Within(transaction -> {
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
    }

    /** How many keys one connection may watch. */
    public static final int WATCHED_MAX = 1_024;

    /**
     * How a key looks, without what it holds. An element that is removed changes the count of its collection, and
     * whatever else is done to one leaves a dot there.
     */
    private record Look(String string, Deadlines deadlines, List<CollectionLook> collections) {
        private static Look of(KeyHead head) {
            return new Look(
                    head.string().versionTag(),
                    head.deadlines(),
                    head.collections().stream().map(CollectionLook::of).toList());
        }
    }

    private record CollectionLook(DataType type, String touched, long count, long counted) {
        private static CollectionLook of(CollectionMeta collection) {
            return new CollectionLook(
                    collection.type(),
                    collection.latestWrites().versionTag(),
                    collection.count(),
                    collection.counted());
        }
    }

    /** What a queued command takes beside its words. */
    private static final int COMMAND_BYTES = 128;

    private static final Reply LATER = new Reply.Simple("");

    private final Client client;
    private final Bounds bounds;
    private final Map<Bytes, Look> watched = new HashMap<>();
    private long watchedBytes;
    private List<Queued> queue = List.of();
    private long queuedBytes;
    private boolean open;
    private boolean doomed;

    private final MemoryHolder memory;
    private long claimedBytes;
    // What the queue and the watched keys take, and what transactions that EXEC has handed on do.
    private long keptBytes;
    private long handedOnBytes;

    /**
     * What one transaction may take up.
     *
     * @param queuedBytesMax of the commands queued and the names of the keys watched
     * @param replyBytesMax of the replies that EXEC gathers
     */
    public record Bounds(long queuedBytesMax, long replyBytesMax) {}

    /** @param memory what the queue and the watched keys take of the memory that all connections share */
    public Multi(Client client, Bounds bounds, MemoryHolder memory) {
        this.client = client;
        this.bounds = bounds;
        this.memory = memory;
    }

    /**
     * Takes the memory for another command, or for keys to watch, of so many bytes. It is given back when they are
     * forgotten, or {@link #settled run}. Does not wait: a queue holds its memory until the client sends EXEC.
     *
     * @return whether there was some
     */
    public boolean claim(long bytes) {
        long more = bytes + COMMAND_BYTES;
        long missing = keptBytes + handedOnBytes + more - MemoryBudget.SMALL_BYTES - claimedBytes;
        if (missing > 0) {
            if (!memory.tryTake(missing)) {
                return false;
            }
            claimedBytes += missing;
        }
        keptBytes += more;
        return true;
    }

    /** What the client is told when there is no memory for so many bytes more. */
    public String refusal(long bytes) {
        return "OOM transaction: no memory for " + (keptBytes + bytes)
                + " bytes queued or watched (expected: large requests and replies of at most " + memory.bytesMax()
                + " bytes at a time; try again later)";
    }

    private void trim() {
        long needed = Math.max(0, keptBytes + handedOnBytes - MemoryBudget.SMALL_BYTES);
        if (claimedBytes > needed) {
            memory.giveBack(claimedBytes - needed);
            claimedBytes = needed;
        }
    }

    /** What EXEC has handed on was run. */
    public void settled() {
        handedOnBytes = 0;
        trim();
    }

    /** Whether commands are queued now. */
    public boolean isOpen() {
        return open;
    }

    /** Begins to queue. */
    public void begin() {
        open = true;
        queue = new ArrayList<>();
        show();
    }

    /** Whether there is room for another command of so many bytes. */
    public boolean hasRoomFor(long bytes) {
        return queuedBytes + watchedBytes + bytes <= bounds.queuedBytesMax();
    }

    /** Queues a command. */
    public void queue(Queued command, long bytes) {
        queue.add(command);
        queuedBytes += bytes;
        show();
    }

    /** A command was refused: if it was to be queued, EXEC is to run none. */
    public void refused() {
        doomed |= open;
    }

    /** Whether a command could not be queued. */
    public boolean isDoomed() {
        return doomed;
    }

    /** Forgets the queue and what is watched. */
    public void discard() {
        open = false;
        doomed = false;
        queue = List.of();
        queuedBytes = 0;
        unwatch();
    }

    /** Whether so many more keys can be watched, of so many bytes together. */
    public boolean hasRoomToWatch(int keys, long bytes) {
        return watched.size() + keys <= WATCHED_MAX && hasRoomFor(bytes);
    }

    /** Remembers how keys look. A key that is watched already is compared with how it looked first. */
    public void watch(List<Bytes> keys, View view) {
        for (Bytes key : keys) {
            if (watched.putIfAbsent(key, Look.of(view.visible(key))) == null) {
                watchedBytes += key.length();
            }
        }
        show();
    }

    /** Forgets what is watched. */
    public void unwatch() {
        watched.clear();
        watchedBytes = 0;
        if (!open) {
            keptBytes = 0;
            trim();
        }
        show();
    }

    /**
     * Ends the queueing.
     *
     * @return what runs the queued commands as one update, unless a watched key has changed
     */
    public Submission exec() {
        List<Queued> commands = queue;
        Map<Bytes, Look> expected = Map.copyOf(watched);
        handedOnBytes += keptBytes;
        keptBytes = 0;
        discard();
        return new Submission(
                transaction -> run(commands, expected, transaction), outcome -> withLater(commands, outcome));
    }

    private Reply run(List<Queued> commands, Map<Bytes, Look> expected, Transaction transaction) {
        for (Map.Entry<Bytes, Look> each : expected.entrySet()) {
            if (!Look.of(transaction.visible(each.getKey())).equals(each.getValue())) {
                return Reply.NULL_ARRAY;
            }
        }
        List<Reply> replies = new ArrayList<>(commands.size());
        long bytes = 0;
        for (Queued command : commands) {
            Reply reply =
                    command instanceof Queued.Within within ? within.body().run(transaction) : LATER;
            bytes += Reply.sizeBytes(reply);
            if (bytes > bounds.replyBytesMax()) {
                throw new RepliesTooLargeException(bounds.replyBytesMax());
            }
            replies.add(reply);
        }
        return new Reply.Array(replies);
    }

    /**
     * Runs what is to be run when the transaction is committed. It is too late to refuse that; a command that finds no
     * room for its reply is not run, and answers so.
     */
    private Reply withLater(List<Queued> commands, Reply outcome) {
        if (outcome instanceof Reply.Array(List<Reply> replies)) {
            long bytes = Reply.sizeBytes(outcome);
            for (int at = 0; at < commands.size(); at++) {
                if (commands.get(at) instanceof Queued.Afterwards afterwards) {
                    Reply reply = bytes > bounds.replyBytesMax()
                            ? noRoom()
                            : afterwards.action().get();
                    bytes += Reply.sizeBytes(reply);
                    replies.set(at, reply);
                }
            }
        }
        return outcome;
    }

    private Reply noRoom() {
        return new Reply.Failure(
                "ERR command: not run, as its reply has no room among those of the transaction (expected:" + " at most "
                        + bounds.replyBytesMax() + " bytes)");
    }

    private void show() {
        client.multi(open ? queue.size() : -1, queuedBytes, watched.size());
    }
}
