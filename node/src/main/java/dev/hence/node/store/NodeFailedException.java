package dev.hence.node.store;

import org.jspecify.annotations.Nullable;

/** Why a node has ended its service: it can only be closed, and started again. */
public final class NodeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NodeFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
