package dev.hence.core.replica;

import dev.hence.core.clock.Dot;

/** The replica's storage has {@link Identity forked}: it accepts no more writes. Nothing happened. */
public final class ForkedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForkedException(Dot dot) {
        super("storage: forked, others have another update " + dot + " (expected: every dot is given once)");
    }
}
