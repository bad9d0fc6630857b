package dev.hence.client;

import java.util.OptionalLong;

/** A key, value, body or update is larger than the node's limit. */
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
