package dev.hence.redis.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.HybridLogicalClock;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Reply;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The recently executed requests with an id, by this node or by another whose update it has, each with its reply. It
 * makes it safe to retry a request with unknown outcome, at this node or another.
 *
 * <p>A request is remembered when its update is committed, through the {@link RequestRecord} in that update. Between
 * claim and commit it counts as under way, and a retry waits. Rejected requests are not remembered, because nothing
 * happened.
 *
 * <p>Nodes that did not know of each other's executions may have executed the same request. Then each node keeps the
 * first one that it learned of, so that it always returns the same reply.
 *
 * <p><b>Bound.</b> The oldest requests, by the timestamps of their updates, are dropped first: beyond a number of
 * requests, a number of bytes, or an age.
 *
 * <p>Thread-safe.
 */
public final class RequestWindow {

    /** The maximum number of remembered requests. */
    public static final int REQUESTS_MAX = 10_000;

    /** The maximum size of their ids and replies, in bytes. */
    public static final long BYTES_MAX = 16L << 20;

    /** The maximum age of a remembered request. */
    public static final Duration AGE_MAX = Duration.ofHours(1);

    /** How many of each replica's most recent updates are read at startup. */
    public static final int UPDATES_RECOVERED_MAX = 65_536;

    private static final long RECORD_OVERHEAD_BYTES = 200;

    /** How to handle a request. */
    public sealed interface Claim {

        /** It is new: the caller executes it, and must report if it did not happen. */
        record New() implements Claim {}

        /** It was executed by this update with this reply. */
        record Answered(Reply reply, Dot update) implements Claim {}

        /** Another connection is executing it. */
        record UnderWay(CompletableFuture<Void> ended) implements Claim {

            /** Blocks until that has ended, with either outcome; returns whether it has. */
            public boolean await(Duration atMost) throws InterruptedException {
                try {
                    ended.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
                    return true;
                } catch (TimeoutException notYet) {
                    return false;
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }

        /** The id belongs to another command. */
        record Mistaken() implements Claim {}
    }

    /** @param number distinguishes requests of equal timestamp, in order of arrival */
    private record Remembered(RequestRecord request, Dot update, long bytes, long timestamp, long number) {
        private static final Comparator<Remembered> OLDEST_FIRST =
                Comparator.comparingLong(Remembered::timestamp).thenComparingLong(Remembered::number);

        private long atMillis() {
            return HybridLogicalClock.wallMillis(timestamp);
        }
    }

    private record Pending(Bytes digest, CompletableFuture<Void> ended) {}

    private final LongSupplier wallMillis;
    private final Map<Bytes, Remembered> answered = new HashMap<>();
    private final NavigableSet<Remembered> oldestFirst = new TreeSet<>(Remembered.OLDEST_FIRST);
    private final Map<Bytes, Pending> pending = new HashMap<>();
    private long bytes;
    private long lastNumber;

    /** @param wallMillis the wall clock, in milliseconds since 1970 */
    public RequestWindow(LongSupplier wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Claims a request and returns how to handle it. */
    public synchronized Claim claim(Bytes id, Bytes digest) {
        forgetOld();
        Remembered known = answered.get(id);
        if (known != null) {
            return known.request().digest().equals(digest)
                    ? new Claim.Answered(known.request().reply(), known.update())
                    : new Claim.Mistaken();
        }
        Pending other = pending.get(id);
        if (other != null) {
            return other.digest().equals(digest) ? new Claim.UnderWay(other.ended()) : new Claim.Mistaken();
        }
        pending.put(id, new Pending(digest, new CompletableFuture<>()));
        return new Claim.New();
    }

    /** Reports that a claimed request was not executed: the next retry executes it. */
    public void abandoned(Bytes id) {
        end(id);
    }

    private void end(Bytes id) {
        Pending own;
        synchronized (this) {
            own = pending.remove(id);
        }
        if (own != null) {
            own.ended().complete(null);
        }
    }

    /** Records an update that is committed, whichever node made it. */
    public void committed(Update update) {
        RequestRecord.of(update).ifPresent(request -> {
            remember(request, update);
            end(request.id());
        });
    }

    private synchronized void remember(RequestRecord request, Update update) {
        long size = request.id().length() + request.digest().length() + Reply.sizeBytes(request.reply());
        forgetOld();
        Remembered fresh =
                new Remembered(request, update.dot(), size + RECORD_OVERHEAD_BYTES, update.timestamp(), ++lastNumber);
        if (answered.putIfAbsent(request.id(), fresh) == null) {
            oldestFirst.add(fresh);
            bytes += fresh.bytes();
            forgetOld();
        }
    }

    private void forgetOld() {
        long oldest = wallMillis.getAsLong() - AGE_MAX.toMillis();
        while (!oldestFirst.isEmpty()
                && (oldestFirst.size() > REQUESTS_MAX
                        || bytes > BYTES_MAX
                        || oldestFirst.first().atMillis() < oldest)) {
            Remembered first = oldestFirst.removeFirst();
            answered.remove(first.request().id());
            bytes -= first.bytes();
        }
    }

    /** The number of remembered requests. */
    public synchronized int size() {
        forgetOld();
        return answered.size();
    }
}
