package dev.hence.redis.execution;

import dev.hence.core.commands.Keys;
import dev.hence.core.keyspace.View;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.redis.connection.Client.Unblocking;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Action.Attempt;
import dev.hence.redis.execution.Action.Body;
import dev.hence.redis.execution.KeyWaiters.Wanted;
import dev.hence.redis.execution.Waiter.End;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The blocking commands of one connection: each is tried as a write, and again whenever one of its keys has come to
 * hold the type that it wants, until it is answered or its time is up.
 *
 * <p>Clients that wait for the same keys are served in the order in which they came, as far as a node can tell that
 * order. What one takes is decided at this node: a client at another node that takes at the same time may get the
 * same element.
 *
 * <p><b>Invariant.</b> After a wait was ended - by its time, by another client, or because its client has gone - the
 * transaction that would take an element takes none: the element stays for others. A client that goes later, while the
 * reply is on its way, loses it, as with Redis.
 */
public final class Blocking {

    private record Tried(@Nullable Reply reply) {}

    private final Session session;
    private final KeyWaiters waiters;
    private final AtomicReference<@Nullable Waiter> present = new AtomicReference<>();
    private long sleptNanos;

    public Blocking(Session session, KeyWaiters waiters) {
        this.session = session;
        this.waiters = waiters;
    }

    /** Ends the present wait; whether there was one. Any thread may call this. */
    public boolean unblock(Unblocking how) {
        Waiter waiter = present.get();
        return waiter != null && waiter.end(how == Unblocking.ERROR ? End.UNBLOCKED_WITH_ERROR : End.TIME_IS_UP);
    }

    /** Ends the present wait because the connection ends. Any thread may call this. */
    public void abandon() {
        Waiter waiter = present.get();
        if (waiter != null) {
            waiter.end(End.CLIENT_GONE);
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param memory what its reply takes; one for which there is none is refused, and nothing is taken for it
     * @throws RuntimeException what refused it
     * @throws IOException if the client has gone
     */
    Reply run(Attempt attempt, ReplyMemory memory, Line line) throws IOException, InterruptedException {
        Waiter waiter = new Waiter(attempt.keys().stream()
                .distinct()
                .map(key -> new Wanted(key, attempt.type()))
                .toList());
        long deadlineNanos = attempt.timeoutMillis() == 0 ? 0 : deadline(attempt.timeoutMillis());
        sleptNanos = 0;
        boolean behind = waiters.add(waiter);
        try {
            Reply reply = attempt(behind ? behindOthers(attempt) : attempt.body(), memory);
            return reply != null ? reply : await(attempt, waiter, deadlineNanos, memory, line);
        } finally {
            waiters.remove(waiter);
            wakeNext(waiter);
        }
    }

    /** For how long the last command slept; what is left of its time it was at work. */
    long sleptNanos() {
        return sleptNanos;
    }

    private static long deadline(long millis) {
        long nanos = millis > Long.MAX_VALUE / 4 / 1_000_000 ? Long.MAX_VALUE / 4 : millis * 1_000_000;
        long deadline = System.nanoTime() + nanos;
        return deadline == 0 ? 1 : deadline;
    }

    private Reply await(Attempt attempt, Waiter waiter, long deadlineNanos, ReplyMemory memory, Line line)
            throws IOException, InterruptedException {
        present.set(waiter);
        session.client().blocked(true);
        try (Line.Waiting _ = line.beforeWaiting(() -> waiter.end(End.CLIENT_GONE))) {
            while (true) {
                long sinceNanos = System.nanoTime();
                End end = waiter.sleep(deadlineNanos);
                sleptNanos += System.nanoTime() - sinceNanos;
                if (end != null) {
                    return ended(end, attempt);
                }
                Reply reply = attempt(again(attempt, waiter), memory);
                if (reply != null) {
                    return reply;
                }
            }
        } finally {
            session.client().blocked(false);
            present.set(null);
        }
    }

    private static Reply ended(End end, Attempt attempt) throws IOException {
        return switch (end) {
            case TIME_IS_UP -> attempt.timedOut();
            case UNBLOCKED_WITH_ERROR -> throw new RedisError("UNBLOCKED client unblocked via CLIENT UNBLOCK");
            case CLIENT_GONE -> throw new EOFException("the client has gone");
        };
    }

    /** What there is to take is for those before; but that a key holds another type is told at once. */
    private static Body behindOthers(Attempt attempt) {
        return transaction ->
                hasSomething(attempt, transaction) ? null : attempt.body().run(transaction);
    }

    /**
     * A client that waits is not told that a key has come to hold another type: it may yet come to hold the right one.
     * Whether the wait is over is decided on the writer, where the element is taken.
     */
    private static Body again(Attempt attempt, Waiter waiter) {
        return transaction -> !waiter.isEnded() && hasSomething(attempt, transaction)
                ? attempt.body().run(transaction)
                : null;
    }

    private static boolean hasSomething(Attempt attempt, View view) {
        return attempt.keys().stream().anyMatch(key -> Keys.type(view, key) == attempt.type());
    }

    private @Nullable Reply attempt(Body body, ReplyMemory memory) throws InterruptedException {
        Committed<Tried> committed;
        try {
            committed = session.store().write(transaction -> {
                Reply reply = body.run(transaction);
                if (reply != null) {
                    long bytes = Reply.sizeBytes(reply);
                    if (!memory.tryAdd(bytes)) {
                        throw memory.refusal(bytes);
                    }
                }
                return new Tried(reply);
            });
        } catch (RuntimeException refused) {
            // A refusal was decided on something that the client has now seen a trace of.
            session.saw(session.store().clock());
            throw refused;
        }
        session.saw(committed.clock());
        if (committed.update() != null) {
            session.wrote(committed.update().dot());
        }
        return committed.result().reply();
    }

    private void wakeNext(Waiter waiter) {
        List<Wanted> waitedFor = waiters.waitedFor(waiter);
        if (!waitedFor.isEmpty()) {
            Reading<List<Wanted>> there = session.store()
                    .read(view -> waitedFor.stream()
                            .filter(wanted -> Keys.type(view, wanted.key()) == wanted.type())
                            .toList());
            there.value().forEach(waiters::wakeFirst);
        }
    }
}
