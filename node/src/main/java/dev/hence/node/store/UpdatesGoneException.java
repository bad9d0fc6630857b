package dev.hence.node.store;

import dev.hence.core.clock.Dot;

/** Thrown to a reader of updates that wants some which the node has deleted from its log. */
public final class UpdatesGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param wanted the first update that the reader has not seen
     * @param first the counter of its origin's first update that is not deleted
     */
    public UpdatesGoneException(Dot wanted, long first) {
        super("update " + wanted + " is deleted from the log of this node, which has the updates of that origin from "
                + first + " on");
    }

    /** For a reader that was too slow. */
    public UpdatesGoneException(String message) {
        super(message);
    }
}
