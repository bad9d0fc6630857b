package dev.hence.client;

import java.util.OptionalLong;

/** A key, a value, a body or an update that is larger than the node takes. */
@SuppressWarnings("serial")
public final class LimitExceededException extends DefiniteException {

    private static final long serialVersionUID = 1L;

    LimitExceededException(Problem problem) {
        super(problem, null);
    }

    /** The largest size that the node takes, in bytes; empty if it did not say. */
    public OptionalLong limitBytes() {
        return problem().limit();
    }
}
