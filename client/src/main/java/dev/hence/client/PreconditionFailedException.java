package dev.hence.client;

/** A conditional write whose condition did not hold. */
@SuppressWarnings("serial")
public final class PreconditionFailedException extends DefiniteException {

    private static final long serialVersionUID = 1L;

    PreconditionFailedException(Problem problem) {
        super(problem, null);
    }
}
