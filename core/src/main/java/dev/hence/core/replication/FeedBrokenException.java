package dev.hence.core.replication;

/** Thrown when a peer violates the protocol of a feed: the stream is closed and requested again. */
public final class FeedBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FeedBrokenException(String message) {
        super(message);
    }
}
