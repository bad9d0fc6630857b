package dev.hence.core.replication;

/** A peer sent on a feed what does not belong there: the stream is closed, and asked for again. */
public final class FeedBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FeedBrokenException(String message) {
        super(message);
    }
}
