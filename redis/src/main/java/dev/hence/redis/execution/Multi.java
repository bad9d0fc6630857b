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
 * The MULTI and WATCH state of one connection: the commands that EXEC runs as one update, and the keys that must not
 * have changed by then.
 *
 * <p>A watched key has changed if its head has: every write to a key, from any node, leaves other dots, counts or
 * deadlines there. Only these are kept ({@link Look}), because values can be large. A key that has expired since has
 * changed too.
 *
 * <p>Confined to the connection's own thread; the result of {@link #exec} runs on the writer's thread and shares no
 * state with this.
 */
public final class Multi {

    /** A command queued for EXEC. It replies as it would outside a transaction, but never blocks. */
    public sealed interface Queued {

        /**
         * Concerns keys: run on the writer's thread, within the transaction. It returns refusals instead of throwing
         * them.
         */
        record Within(Transaction.Body<Reply> body) implements Queued {}

        /** Concerns the connection or the node: run on the connection's thread when the transaction is committed. */
        record Afterwards(Supplier<Reply> action) implements Queued {}

        /**
         * Converts a command to its queued form.
         *
         * @throws RedisError if its arguments already show that it cannot be run
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
                        return reply == null ? Action.Attempt.TIMED_OUT : reply;
                    });
                case Action.AtOnce atOnce ->
                    new Afterwards(() -> Failures.answered(() -> atOnce.run(session, arguments)));
                case Action.OnSession onSession ->
                    new Afterwards(() -> Failures.answered(() -> onSession.run(session, arguments)));
                // Its handling of the outcome concerns EXEC, which is never queued.
                case Action.Prepared prepared ->
                    within(command, prepared.prepare(session, arguments).body());
            };
        }

        /**
         * A command rejected within a transaction replies with its error, and those after it continue, as in Redis.
         * That is sound only if it wrote nothing. Commands validate before they write, and this checks that they did.
         */
        private static Queued within(Command command, Transaction.Body<Reply> body) {
            return new Within(transaction -> {
                int writesBefore = transaction.writes();
                try {
                    return body.run(transaction);
                } catch (StorageException | UpdateTooLargeException whole) {
                    // Not specific to this command: the transaction has no room left.
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

    /** The maximum number of keys that one connection may watch. */
    public static final int WATCHED_MAX = 1_024;

    /**
     * The state of a key's head, without its values. Removing an element changes the count of its collection, and any
     * other change leaves a dot there.
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

    /** The overhead of a queued command beside its words. */
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
    // The memory of the queue and the watched keys, and of transactions that EXEC has submitted.
    private long keptBytes;
    private long handedOnBytes;

    /**
     * The limits of one transaction.
     *
     * @param queuedBytesMax size of the queued commands and the names of watched keys
     * @param replyBytesMax size of the replies that EXEC gathers
     */
    public record Bounds(long queuedBytesMax, long replyBytesMax) {}

    /** @param memory the budget for the queue and the watched keys, shared by all connections */
    public Multi(Client client, Bounds bounds, MemoryHolder memory) {
        this.client = client;
        this.bounds = bounds;
        this.memory = memory;
    }

    /**
     * Claims memory for another command, or for keys to watch. It is released when they are dropped, or
     * {@link #settled run}. Does not block: a queue holds its memory until the client sends EXEC.
     *
     * @return whether there was enough
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

    /** The error when there is no memory for this many more bytes. */
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

    /** Marks the transaction submitted by EXEC as run. */
    public void settled() {
        handedOnBytes = 0;
        trim();
    }

    /** Whether a transaction is open. */
    public boolean isOpen() {
        return open;
    }

    /** Opens a transaction. */
    public void begin() {
        open = true;
        queue = new ArrayList<>();
        show();
    }

    /** Whether there is room for another command of this size. */
    public boolean hasRoomFor(long bytes) {
        return queuedBytes + watchedBytes + bytes <= bounds.queuedBytesMax();
    }

    /** Queues a command. */
    public void queue(Queued command, long bytes) {
        queue.add(command);
        queuedBytes += bytes;
        show();
    }

    /** Records that a command was rejected: if it was to be queued, EXEC will run none. */
    public void refused() {
        doomed |= open;
    }

    /** Whether a command could not be queued. */
    public boolean isDoomed() {
        return doomed;
    }

    /** Drops the queue and the watched keys. */
    public void discard() {
        open = false;
        doomed = false;
        queue = List.of();
        queuedBytes = 0;
        unwatch();
    }

    /** Those of the keys that are not watched yet, each once. */
    public List<Bytes> unwatched(List<Bytes> keys) {
        return keys.stream().filter(key -> !watched.containsKey(key)).distinct().toList();
    }

    /** Whether this many more keys, of this total size, can be watched. */
    public boolean hasRoomToWatch(int keys, long bytes) {
        return watched.size() + keys <= WATCHED_MAX && hasRoomFor(bytes);
    }

    /** Records the state of keys that are {@link #unwatched}. */
    public void watch(List<Bytes> keys, View view) {
        for (Bytes key : keys) {
            // A read may be run again.
            if (watched.put(key, Look.of(view.visible(key))) == null) {
                watchedBytes += key.length();
            }
        }
        show();
    }

    /** Drops the watched keys. */
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
     * Closes the transaction.
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
                transaction -> run(commands, expected, transaction),
                outcome -> withLater(commands, outcome),
                commands.stream().anyMatch(Queued.Afterwards.class::isInstance));
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
     * Runs the commands deferred until the commit. They can no longer be rejected as a whole; a command that finds no
     * room for its reply is not run, and replies with that error.
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
