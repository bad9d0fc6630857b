package dev.hence.redis.execution;

/**
 * Ends a transaction because one of its commands failed after it had written something, which none may do: what it
 * wrote could not be taken back alone, so the whole transaction does not happen.
 */
final class HalfDoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HalfDoneException(String command, RuntimeException cause) {
        super("transaction: " + command + " failed after it had written; nothing of the transaction happened", cause);
    }
}
