package dev.hence.client;

import org.jspecify.annotations.Nullable;

/**
 * A call that failed. What matters first is whether a write may have happened all the same: {@link DefiniteException}
 * says that the call certainly changed nothing, {@link IndefiniteException} that the client cannot know. Reads change
 * nothing, so only writes (put, delete, batch) end indefinitely.
 *
 * <p>{@link #code()} is the code of a node's error document, or one of these from the client itself:
 *
 * <table>
 *   <caption>Codes of the client</caption>
 *   <tr><th>code</th><th>when</th></tr>
 *   <tr><td>{@code unreachable}</td><td>no connection to a node, so nothing was sent</td></tr>
 *   <tr><td>{@code connection-lost}</td><td>the connection broke after the request was sent</td></tr>
 *   <tr><td>{@code deadline-exceeded}</td><td>no answer before the deadline</td></tr>
 *   <tr><td>{@code unexpected-answer}</td><td>an answer that no node of Hence gives, perhaps from
 *       something between, or one that is larger than {@link HenceClientBuilder#answerBytesMax}</td></tr>
 *   <tr><td>{@code interrupted}</td><td>the calling thread was interrupted; its interrupt status is
 *       set again</td></tr>
 *   <tr><td>{@code closed}</td><td>the client was closed meanwhile</td></tr>
 * </table>
 */
@SuppressWarnings("serial") // problem documents are not for object streams
public abstract sealed class HenceException extends RuntimeException permits DefiniteException, IndefiniteException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;

    HenceException(Problem problem, @Nullable Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    /** Whether the call certainly changed nothing. */
    public abstract boolean definite();

    /** What went wrong, as a word for programs: {@code session-behind}, {@code unreachable}... */
    public String code() {
        return problem.code();
    }

    /** The HTTP status of the node's answer; 0 if there was none. */
    public int status() {
        return problem.status();
    }

    /** What went wrong, for people; the message is this with the node. */
    public String detail() {
        return problem.detail();
    }

    /** The base URL of the node it went wrong at; empty if it was none in particular. */
    public String node() {
        return problem.node();
    }

    Problem problem() {
        return problem;
    }
}
