package dev.hence.client;

import java.util.List;

/** No node had, before the deadline, applied everything that the session has seen. */
@SuppressWarnings("serial")
public final class SessionBehindException extends DefiniteException {

    private static final long serialVersionUID = 1L;

    SessionBehindException(Problem problem) {
        super(problem, null);
    }

    /**
     * What the last node asked still lacked: of each replica named, the updates up to the counter. Not
     * empty unless the node did not say.
     */
    public List<Dot> missing() {
        return problem().missing();
    }
}
