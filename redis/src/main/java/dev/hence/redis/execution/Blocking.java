package dev.hence.redis.execution;

import dev.hence.core.commands.Keys;
import dev.hence.core.keyspace.View;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.connection.Wait;
import dev.hence.redis.execution.Action.Attempt;
import dev.hence.redis.execution.Action.Body;
import dev.hence.redis.node.KeyWaiters;
import dev.hence.redis.node.KeyWaiters.Wanted;
import dev.hence.redis.node.Waiter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocking commands of one connection. Each is tried as a write, and retried whenever one of its keys comes to hold
 * the expected type, until it succeeds or times out.
 *
 * <p>Clients that wait for the same keys are served in the order of their arrival at this node. Elements are taken by a
 * local decision: a client at another node that takes concurrently may get the same element.
 *
 * <p><b>Invariant.</b> After a wait has ended - by timeout, by another client, or because its client has gone - its
 * transaction takes no element: the element remains for others. If a client goes later, while the reply is in transit,
 * the element is lost, as with Redis.
 */
final class Blocking {

    private record Tried(@Nullable Reply reply) {}

    private final Session session;
    private final KeyWaiters waiters;
    private final ReplyMemory memory;
    private long sleptNanos;

    /** @param memory of the replies; if a reply finds no room, nothing is taken and the command is rejected */
    Blocking(Session session, ReplyMemory memory) {
        this.session = session;
        this.waiters = session.commons().waiters();
        this.memory = memory;
    }

    /**
     * Runs a command to completion.
     *
     * @throws RuntimeException if it was rejected
     * @throws ClientGoneException if the client has gone
     */
    Reply run(Attempt attempt) throws InterruptedException {
        Waiter waiter = new Waiter(attempt.keys().stream()
                .distinct()
                .map(key -> new Wanted(key, attempt.type()))
                .toList());
        long deadlineNanos = attempt.timeoutMillis() == 0 ? 0 : deadline(attempt.timeoutMillis());
        boolean behind = waiters.add(waiter);
        try {
            Reply reply = attempt(behind ? behindOthers(attempt) : attempt.body());
            return reply != null ? reply : await(attempt, waiter, deadlineNanos);
        } finally {
            waiters.remove(waiter);
            wakeNext(waiter);
        }
    }

    /** Returns the time slept since the last call. The rest of a command's duration is work. */
    long takeSleptNanos() {
        long slept = sleptNanos;
        sleptNanos = 0;
        return slept;
    }

    private static long deadline(long millis) {
        long nanos = millis > Long.MAX_VALUE / 4 / 1_000_000 ? Long.MAX_VALUE / 4 : millis * 1_000_000;
        long deadline = System.nanoTime() + nanos;
        return deadline == 0 ? 1 : deadline;
    }

    private Reply await(Attempt attempt, Waiter waiter, long deadlineNanos) throws InterruptedException {
        try (Wait wait = session.connection().beginWait()) {
            while (true) {
                if (!sleep(waiter, deadlineNanos, wait)) {
                    wait.end(Wait.End.TIME_IS_UP);
                    return wait.ended(() -> Attempt.TIMED_OUT);
                }
                Reply reply = attempt(again(attempt, wait));
                if (reply != null) {
                    return reply;
                }
            }
        } catch (IOException gone) {
            throw new ClientGoneException(gone);
        }
    }

    /** Blocks until woken; returns false on timeout. The time counts however the sleep ends. */
    private boolean sleep(Waiter waiter, long deadlineNanos, Wait wait) throws InterruptedException {
        long sinceNanos = System.nanoTime();
        try {
            return wait.run(() -> waiter.sleep(deadlineNanos), () -> false);
        } finally {
            sleptNanos += System.nanoTime() - sinceNanos;
        }
    }

    /** Leaves available elements to earlier waiters, but reports a key of another type at once. */
    private static Body behindOthers(Attempt attempt) {
        return transaction ->
                hasSomething(attempt, transaction) ? null : attempt.body().run(transaction);
    }

    /**
     * A waiting client gets no error when a key comes to hold another type: it may yet hold the right one. Whether the
     * wait has ended is checked on the writer's thread, where the element is taken.
     */
    private static Body again(Attempt attempt, Wait wait) {
        return transaction -> !wait.isEnded() && hasSomething(attempt, transaction)
                ? attempt.body().run(transaction)
                : null;
    }

    private static boolean hasSomething(Attempt attempt, View view) {
        return attempt.keys().stream().anyMatch(key -> Keys.type(view, key) == attempt.type());
    }

    private @Nullable Reply attempt(Body body) throws InterruptedException {
        Tried tried = session.write(transaction -> {
            Reply reply = body.run(transaction);
            if (reply != null) {
                long bytes = Reply.sizeBytes(reply);
                if (!memory.tryAdd(bytes)) {
                    throw memory.refusal(bytes);
                }
            }
            return new Tried(reply);
        });
        return tried.reply();
    }

    private void wakeNext(Waiter waiter) {
        List<Wanted> waitedFor = waiters.waitedFor(waiter);
        if (!waitedFor.isEmpty()) {
            List<Wanted> there = session.store()
                    .read(view -> waitedFor.stream()
                            .filter(wanted -> Keys.type(view, wanted.key()) == wanted.type())
                            .toList())
                    .value();
            there.forEach(waiters::wakeFirst);
        }
    }
}
