package dev.hence.client;

import org.jspecify.annotations.Nullable;

/**
 * A write that may have happened, once, or may happen within a moment; the client has not repeated it.
 *
 * <p>To go on: repeat it if it does no harm when done twice, or read what the key holds now. A write
 * with {@link Condition#ifTag} is safe to repeat, for the tag no longer fits once it has happened.
 */
@SuppressWarnings("serial")
public final class IndefiniteException extends HenceException {

    private static final long serialVersionUID = 1L;

    IndefiniteException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }

    @Override
    public boolean definite() {
        return false;
    }
}
