package dev.hence.core.commands;

/**
 * Rejects arithmetic on a value that is not a number, or with a result that cannot be represented; nothing was changed.
 */
public final class NotANumberException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The value is not a 64-bit integer. */
        NOT_AN_INTEGER,
        /** The value is not a decimal number. */
        NOT_A_FLOAT,
        /** The result would not fit into 64 bits. */
        OVERFLOW,
        /** The result is not a number, as for infinities of both signs, or has too many digits. */
        NOT_A_NUMBER
    }

    private final Reason reason;

    NotANumberException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
