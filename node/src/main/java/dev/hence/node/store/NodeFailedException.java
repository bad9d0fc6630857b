package dev.hence.node.store;

import org.jspecify.annotations.Nullable;

/** The reason why a node has failed: it can only be closed and restarted. */
public final class NodeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NodeFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
