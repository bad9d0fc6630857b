package dev.hence.node.session;

/**
 * A session token that was not issued by this cluster, or that was damaged in transit.
 *
 * <p>It has no stack trace: any client can send such tokens, and rejecting them must stay cheap.
 */
public final class MalformedTokenException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedTokenException(String message) {
        super(message, null, false, false);
    }
}
