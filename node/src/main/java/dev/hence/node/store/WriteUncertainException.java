package dev.hence.node.store;

import org.jspecify.annotations.Nullable;

/** A write whose outcome is unknown: its commit failed half-way. */
public final class WriteUncertainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WriteUncertainException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
