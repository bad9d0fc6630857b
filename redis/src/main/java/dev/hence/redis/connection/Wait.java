package dev.hence.redis.connection;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one command, such as BLPOP or WAIT, from {@link Connection#beginWait} until it is closed. Others can end
 * it.
 *
 * <p>What the command does is up to it; only {@link #run} is interrupted when the wait is ended. So its thread is never
 * interrupted while it reads or writes the connection or waits for the writer, and no interrupt outlives the wait.
 *
 * <p>Thread-safe; {@link #run} and {@link #close} belong to the connection's own thread.
 */
public final class Wait implements AutoCloseable {

    /** Why a wait ends before what it waits for. */
    public enum End {
        /** Its time is up, or somebody declared that it is. */
        TIME_IS_UP,
        /** Somebody wants it to end with an error. */
        UNBLOCKED_WITH_ERROR,
        /** The client has gone, or the connection ends. */
        CLIENT_GONE
    }

    /**
     * Something that takes its time.
     *
     * @param <R> what comes of it
     */
    @FunctionalInterface
    public interface Body<R> {
        /** It has to end soon after its thread is interrupted. */
        R run() throws InterruptedException;
    }

    private final Runnable closed;
    private @Nullable End end;
    private @Nullable Thread waiting;

    Wait(Runnable closed) {
        this.closed = closed;
    }

    /** Ends the wait; only the first reason counts. Whether this is the first. */
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

    /** Whether it was ended: nothing may be taken for it any more. */
    public synchronized boolean isEnded() {
        return end != null;
    }

    /**
     * Waits.
     *
     * @param cutShort what comes of it if the time is up
     * @throws ClientGoneException if the client has gone
     * @throws RedisError if somebody ended it with an error
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

    /** Whether nobody has ended it yet. */
    private synchronized boolean enter() {
        if (end != null) {
            return false;
        }
        waiting = Thread.currentThread();
        return true;
    }

    /** Whether somebody has ended it; the interrupt, which may have come too late, is taken back. */
    private synchronized boolean leave() {
        if (waiting != null) {
            waiting = null;
            if (end != null) {
                Thread.interrupted();
            }
        }
        return end != null;
    }

    /** As {@link #run} of a wait that was ended. */
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
