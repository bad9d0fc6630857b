package dev.hence.redis.execution;

import dev.hence.core.replica.Transaction;
import dev.hence.redis.connection.Reply;
import java.util.function.UnaryOperator;

/**
 * Work for the writer, and the function that converts its outcome to a reply on the connection's thread.
 *
 * @param body run by the writer as one update
 * @param answer from the body's result to the client's reply
 * @param changesSession whether {@code answer} may change the session, so that later commands must wait for it
 */
public record Submission(Transaction.Body<Reply> body, UnaryOperator<Reply> answer, boolean changesSession) {

    /** Work whose outcome is the reply. */
    public static Submission of(Transaction.Body<Reply> body) {
        return new Submission(body, UnaryOperator.identity(), false);
    }
}
