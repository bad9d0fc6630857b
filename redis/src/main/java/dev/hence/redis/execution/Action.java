package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.RedisError;
import dev.hence.redis.connection.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command does. Refusals are {@link RedisError}s and the exceptions of {@code dev.hence.core.type}; they mean
 * that nothing happened.
 */
public sealed interface Action {

    /**
     * Reads keys: from a consistent snapshot or, within MULTI and behind writes of the same pipeline, on the writer's
     * thread.
     */
    @FunctionalInterface
    non-sealed interface Read extends Action {
        Reply run(View view, Arguments arguments);
    }

    /** Writes keys: on the thread that has the writer's turn, as one update. It must not block, and may be run again. */
    @FunctionalInterface
    non-sealed interface Write extends Action {
        Reply run(Transaction transaction, Arguments arguments);
    }

    /** Waits for elements that another client may add: retried as a write until it succeeds or times out. */
    @FunctionalInterface
    non-sealed interface Blocking extends Action {
        Attempt attempt(Arguments arguments);
    }

    /**
     * Concerns the connection or the node, and runs on the connection's thread when all earlier commands have been
     * answered.
     */
    @FunctionalInterface
    non-sealed interface OnSession extends Action {
        Reply run(Session session, Arguments arguments) throws InterruptedException;
    }

    /**
     * Concerns only the connection and runs on its thread as soon as it is read, so that a pipeline continues without
     * waiting for earlier writes.
     */
    @FunctionalInterface
    non-sealed interface AtOnce extends Action {
        Reply run(Session session, Arguments arguments);
    }

    /** Prepares on the connection's thread, as soon as it is read, what the writer is to run: EXEC. */
    @FunctionalInterface
    non-sealed interface Prepared extends Action {
        Submission prepare(Session session, Arguments arguments);
    }

    /**
     * One blocking command.
     *
     * @param keys the keys that it waits for
     * @param type the type that one of them must hold for the command to succeed
     * @param timeoutMillis the timeout; 0 for no limit
     * @param body returns null if there is nothing to take yet
     */
    record Attempt(List<Bytes> keys, DataType type, long timeoutMillis, Body body) {

        /** The reply of every blocking command when the time is up. */
        static final Reply TIMED_OUT = Reply.NULL_ARRAY;
    }

    /** One attempt. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Reply run(Transaction transaction);
    }
}
