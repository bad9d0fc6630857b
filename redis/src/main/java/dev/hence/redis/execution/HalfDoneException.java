package dev.hence.redis.execution;

/**
 * Aborts a transaction because one of its commands failed after writing, which is not allowed: its writes cannot be
 * undone alone, so nothing of the transaction happens.
 */
final class HalfDoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HalfDoneException(String command, RuntimeException cause) {
        super("transaction: " + command + " failed after it had written; nothing of the transaction happened", cause);
    }
}
