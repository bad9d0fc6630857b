package dev.hence.client;

import org.jspecify.annotations.Nullable;

/** One attempt of a call failed. Never leaves the package: callers see a {@link HenceException}. */
@SuppressWarnings("serial") // nothing here is for object streams
final class AttemptFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Problem problem;

    AttemptFailedException(Problem problem, @Nullable Throwable cause) {
        super(problem.message(), cause, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
