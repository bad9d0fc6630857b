package dev.hence.core.commands;

/** Rejects arithmetic on a value that is not a number, or beyond the range of numbers; nothing happened. */
public final class NotANumberException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The value is not a whole number of 64 bits. */
        NOT_AN_INTEGER,
        /** The value is not a decimal number. */
        NOT_A_FLOAT,
        /** The result would not fit into 64 bits. */
        OVERFLOW,
        /** The result would be no number, as of infinities of both signs, or have too many digits. */
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
