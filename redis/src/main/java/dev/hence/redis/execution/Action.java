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
 * What a command does. Refusals are {@link RedisError}s and the exceptions of {@code dev.hence.core.type}, and
 * mean that nothing happened.
 */
public sealed interface Action {

    /** Reads keys: from a consistent snapshot or, within MULTI and behind writes of the same pipeline, on the writer. */
    @FunctionalInterface
    non-sealed interface Read extends Action {
        Reply run(View view, Arguments arguments);
    }

    /** Writes keys: on the writer, as one update. It must not block. */
    @FunctionalInterface
    non-sealed interface Write extends Action {
        Reply run(Transaction transaction, Arguments arguments);
    }

    /** Takes what another client may bring later: tried as a write until it finds something or its time is up. */
    @FunctionalInterface
    non-sealed interface Blocking extends Action {
        Attempt attempt(Arguments arguments);
    }

    /**
     * Is about the connection or the node, and runs on the connection's thread when all commands before it have been
     * answered.
     */
    @FunctionalInterface
    non-sealed interface OnSession extends Action {
        Reply run(Session session, Arguments arguments) throws InterruptedException;
    }

    /**
     * Is about the connection alone and runs on its thread as soon as it is read, so that a pipeline goes on without
     * waiting for the writes before it.
     */
    @FunctionalInterface
    non-sealed interface AtOnce extends Action {
        Reply run(Session session, Arguments arguments);
    }

    /** Decides on the connection's thread, as soon as it is read, what the writer is to run: EXEC. */
    @FunctionalInterface
    non-sealed interface Prepared extends Action {
        Submission prepare(Session session, Arguments arguments);
    }

    /**
     * What a blocking command tries.
     *
     * @param keys those it waits for
     * @param type what one of them has to hold; then there is something to take
     * @param timeoutMillis how long; 0 for ever
     * @param body answers null if there is nothing yet
     * @param timedOut the answer when the time is up
     */
    record Attempt(List<Bytes> keys, DataType type, long timeoutMillis, Body body, Reply timedOut) {}

    /** One try. */
    @FunctionalInterface
    interface Body {
        @Nullable
        Reply run(Transaction transaction);
    }
}
