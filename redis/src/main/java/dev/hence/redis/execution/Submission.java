package dev.hence.redis.execution;

import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Reply;
import java.util.function.UnaryOperator;

/**
 * Something to be run on the writer, and what then makes a reply of its outcome on the connection's thread.
 *
 * @param body what the writer runs; as one update
 * @param answer from what the body returned to what the client gets
 */
public record Submission(Transaction.Body<Reply> body, UnaryOperator<Reply> answer) {

    /** Something whose outcome is the reply. */
    public static Submission of(Transaction.Body<Reply> body) {
        return new Submission(body, UnaryOperator.identity());
    }
}
