package dev.hence.client;

import org.jspecify.annotations.Nullable;

/** A call that failed and certainly changed nothing: it can be repeated without harm. */
@SuppressWarnings("serial")
public sealed class DefiniteException extends HenceException
        permits PreconditionFailedException, SessionBehindException, LimitExceededException {

    private static final long serialVersionUID = 1L;

    DefiniteException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }

    @Override
    public final boolean definite() {
        return true;
    }
}
