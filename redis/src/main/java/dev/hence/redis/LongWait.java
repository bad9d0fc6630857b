package dev.hence.redis;

import dev.hence.redis.connection.RedisError;
import dev.hence.redis.execution.ClientGoneException;
import dev.hence.redis.execution.Session;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command of one connection that waits for the node, such as WAIT, and that others can end.
 *
 * <p>It is ended by an interrupt of the connection's thread. That thread is interrupted only between the beginning and
 * the end of the wait itself, never while it reads or writes the connection, and no interrupt outlives the wait.
 *
 * <p>Thread-safe.
 */
final class LongWait {

    /** Why a wait ends before what it waits for. */
    enum End {
        TIME_IS_UP,
        UNBLOCKED_WITH_ERROR,
        CLIENT_GONE
    }

    private boolean armed;
    private @Nullable End end;
    private @Nullable Thread waiting;

    /** The connection's thread is about to wait: from now on the wait can be ended. */
    synchronized void arm() {
        armed = true;
        end = null;
    }

    /** It will not wait any more. */
    synchronized void disarm() {
        armed = false;
    }

    /** Ends the present wait; whether there was one that nobody had ended. */
    synchronized boolean end(End why) {
        if (!armed || end != null) {
            return false;
        }
        end = why;
        if (waiting != null) {
            waiting.interrupt();
        }
        return true;
    }

    /** Waits, between {@link #arm} and {@link #disarm}. */
    <R> R run(Session.Wait<R> wait, Supplier<R> cutShort) throws InterruptedException {
        try {
            return enter() ? wait.run() : ended(cutShort);
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

    private synchronized <R> R ended(Supplier<R> cutShort) {
        return switch (end) {
            case TIME_IS_UP -> cutShort.get();
            case UNBLOCKED_WITH_ERROR -> throw new RedisError("UNBLOCKED client unblocked via CLIENT UNBLOCK");
            case CLIENT_GONE -> throw new ClientGoneException();
            case null -> throw new IllegalStateException("wait: nobody ended it");
        };
    }
}
