package dev.hence.engine.codec;

/** A record that cannot be what a Hence of this version wrote: damaged, or from a later version. */
public final class MalformedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
