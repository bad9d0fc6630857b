package dev.hence.engine.codec;

/** Thrown for a record that this version of Hence cannot have written: damaged, or from a later version. */
public final class MalformedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
