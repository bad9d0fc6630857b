package dev.hence.core.replica;

import dev.hence.core.clock.Dot;

/**
 * Rejects a write because the replica's storage has {@link Identity forked} and accepts no writes any more. Nothing was
 * changed.
 */
public final class ForkedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForkedException(Dot dot) {
        super("storage: forked, others have another update " + dot + " (expected: every dot is given once)");
    }
}
