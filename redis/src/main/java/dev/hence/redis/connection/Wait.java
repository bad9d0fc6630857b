package dev.hence.redis.connection;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one command, such as BLPOP or WAIT, from {@link Connection#beginWait} until it is closed. Other threads
 * can end it.
 *
 * <p>Only {@link #run} is interrupted when the wait is ended. The thread is therefore never interrupted while it reads
 * or writes the connection or waits for the writer, and no interrupt outlives the wait.
 *
 * <p>Thread-safe; {@link #run} and {@link #close} are confined to the connection's own thread.
 */
public final class Wait implements AutoCloseable {

    /** Why a wait ends early. */
    public enum End {
        /** The timeout has passed, or another client ended the wait as if it had. */
        TIME_IS_UP,
        /** Another client ended the wait with an error. */
        UNBLOCKED_WITH_ERROR,
        /** The client has gone, or the connection ends. */
        CLIENT_GONE
    }

    /**
     * An operation that may block.
     *
     * @param <R> the type of its result
     */
    @FunctionalInterface
    public interface Body<R> {
        /** Must end soon after its thread is interrupted. */
        R run() throws InterruptedException;
    }

    private final Runnable closed;
    private @Nullable End end;
    private @Nullable Thread waiting;

    Wait(Runnable closed) {
        this.closed = closed;
    }

    /** Ends the wait; only the first reason counts. Returns whether this call was the first. */
    public synchronized boolean end(End why) {
        if (end != null) {
            return false;
        }
        end = why;
        if (waiting != null) {
            waiting.interrupt();
        }
        return true;
    }

    /** Whether the wait has ended: nothing may be taken on its behalf any more. */
    public synchronized boolean isEnded() {
        return end != null;
    }

    /**
     * Runs the operation until it completes or the wait ends.
     *
     * @param cutShort supplies the result if the timeout has passed
     * @throws ClientGoneException if the client has gone
     * @throws RedisError if the wait was ended with an error
     */
    public <R> R run(Body<R> body, Supplier<R> cutShort) throws InterruptedException {
        try {
            return enter() ? body.run() : ended(cutShort);
        } catch (InterruptedException interrupted) {
            if (!leave()) {
                throw interrupted;
            }
            return ended(cutShort);
        } finally {
            leave();
        }
    }

    /** Registers the calling thread for interruption; returns false if the wait has already ended. */
    private synchronized boolean enter() {
        if (end != null) {
            return false;
        }
        waiting = Thread.currentThread();
        return true;
    }

    /** Returns whether the wait has ended; clears its interrupt, which may have come too late. */
    private synchronized boolean leave() {
        if (waiting != null) {
            waiting = null;
            if (end != null) {
                Thread.interrupted();
            }
        }
        return end != null;
    }

    /** The outcome of {@link #run} for a wait that has ended. */
    public synchronized <R> R ended(Supplier<R> cutShort) {
        return switch (end) {
            case TIME_IS_UP -> cutShort.get();
            case UNBLOCKED_WITH_ERROR -> throw new RedisError("UNBLOCKED client unblocked via CLIENT UNBLOCK");
            case CLIENT_GONE -> throw new ClientGoneException();
            case null -> throw new IllegalStateException("wait: nobody ended it");
        };
    }

    @Override
    public void close() {
        end(End.TIME_IS_UP);
        closed.run();
    }
}
