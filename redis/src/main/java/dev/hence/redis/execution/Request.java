package dev.hence.redis.execution;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.core.replica.Transaction;
import dev.hence.node.store.Store.Committed;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A command that a client sent, from its acceptance until it is answered. It is one of three: a read, a command for the
 * writer, or an already answered command that waits for earlier ones.
 *
 * <p>Used by the connection's own thread, and by the one that runs it for the writer while the connection waits for it.
 */
final class Request {

    private static final int WORDS_AT_ONCE_MAX = 16;
    private static final int BYTES_AT_ONCE_MAX = 64 << 10;

    /** Null if it is not counted: a command that was rejected or is queued. */
    final @Nullable Command command;

    final Arguments arguments;
    private final Action.@Nullable Read read;
    private final Transaction.@Nullable Body<Reply> body;
    private final UnaryOperator<Reply> answer;

    /** The reply, if available. */
    @Nullable
    Reply reply;

    /** The outcome on the writer, once submitted. */
    @Nullable
    CompletableFuture<Committed<Reply>> outcome;

    /**
     * Whether it was not run because earlier requests have large replies. Written by the thread that runs it, before the
     * outcome.
     */
    boolean putOff;

    /** The memory that it was deferred for; 0 if it was not tried. */
    long wantedBytes;

    private Request(
            @Nullable Command command,
            Arguments arguments,
            Action.@Nullable Read read,
            Transaction.@Nullable Body<Reply> body,
            UnaryOperator<Reply> answer,
            @Nullable Reply reply) {
        this.command = command;
        this.arguments = arguments;
        this.read = read;
        this.body = body;
        this.answer = answer;
        this.reply = reply;
    }

    static Request read(Command command, Arguments arguments, Action.Read read) {
        return new Request(command, arguments, read, null, UnaryOperator.identity(), null);
    }

    static Request write(Command command, Arguments arguments, Action.Write write) {
        return new Request(
                command,
                arguments,
                null,
                transaction -> write.run(transaction, arguments),
                UnaryOperator.identity(),
                null);
    }

    static Request submission(Command command, Arguments arguments, Submission submission) {
        return new Request(command, arguments, null, submission.body(), submission.answer(), null);
    }

    static Request answered(@Nullable Command command, Arguments arguments, Reply reply) {
        return new Request(command, arguments, null, null, UnaryOperator.identity(), reply);
    }

    /** Whether it is cheap enough for a thread that serves others as well: it takes a few microseconds. */
    boolean isCheap() {
        return command != null
                && !command.flags().contains(Flag.WALKS)
                && arguments.count() <= WORDS_AT_ONCE_MAX
                && arguments.sizeBytes() <= BYTES_AT_ONCE_MAX
                && !(command.action() instanceof Action.Prepared);
    }

    boolean isRead() {
        return read != null;
    }

    /** A key that it reads or writes; null if none is known beforehand. */
    @Nullable
    Bytes expectedKey() {
        return command == null ? null : command.keys().firstKey(arguments);
    }

    /** Whether no value that it reads becomes part of its reply. */
    boolean dropsValues() {
        return command != null && command.flags().contains(Flag.DROPS_VALUES);
    }

    /** Runs a read. */
    Reply run(View view) {
        if (read == null) {
            throw new IllegalStateException("request: no read (expected: one)");
        }
        return read.run(view, arguments);
    }

    /** Runs a read or a write within a transaction. */
    Reply run(Transaction transaction, CountedView lookups) {
        return body == null ? run(lookups.over(transaction)) : body.run(transaction);
    }

    /** Converts the writer's result to the client's reply. */
    Reply answer(Reply result) {
        return answer.apply(result);
    }
}
