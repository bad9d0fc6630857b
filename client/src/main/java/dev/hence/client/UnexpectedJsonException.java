package dev.hence.client;

/** A body is not the expected JSON. Never leaves the package. */
final class UnexpectedJsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedJsonException(String message) {
        super(message);
    }

    UnexpectedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
