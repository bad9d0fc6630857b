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
 * The requests with an id that were carried out recently, by this node or by another whose update it has, each with its
 * answer: what makes it safe to send one again, here or there, when nobody knows what became of it.
 *
 * <p>A request is remembered when the update that carries it out is committed, by the {@link RequestRecord} within
 * that update; between the claim and the commit it counts as under way, and whoever repeats it waits. What was refused
 * is not remembered, for nothing happened.
 *
 * <p>Nodes that did not know of each other's may have carried out the same one. Then the first that a node learned of
 * stays, so that it always gives the same answer.
 *
 * <p><b>Bound.</b> The oldest are forgotten first, by the timestamps of their updates: beyond a number of requests, a
 * number of bytes, or an age.
 *
 * <p>Thread-safe.
 */
public final class RequestWindow {

    /** How many requests are remembered. */
    public static final int REQUESTS_MAX = 10_000;

    /** How many bytes their ids and answers take at most. */
    public static final long BYTES_MAX = 16L << 20;

    /** For how long they are remembered. */
    public static final Duration AGE_MAX = Duration.ofHours(1);

    /** How many of each replica's last updates are read when the node starts. */
    public static final int UPDATES_RECOVERED_MAX = 65_536;

    private static final long RECORD_OVERHEAD_BYTES = 200;

    /** What is to be done with a request. */
    public sealed interface Claim {

        /** It is new: the caller carries it out, and says so if nothing came of it. */
        record New() implements Claim {}

        /** It was carried out by this update and had this answer. */
        record Answered(Reply reply, Dot update) implements Claim {}

        /** Somebody else is carrying it out. */
        record UnderWay(CompletableFuture<Void> ended) implements Claim {

            /** Waits until that has ended, whichever way; whether it has. */
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

    /** @param number tells those of one time apart, in the order in which they came */
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

    /** Asks what is to be done with a request. */
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

    /** Nothing came of a request that was claimed: who repeats it carries it out. */
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

    /** Takes note of an update that is committed, whichever node made it. */
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

    /** How many requests are remembered. */
    public synchronized int size() {
        forgetOld();
        return answered.size();
    }
}
