package dev.hence.simulator.node;

import java.io.IOException;

/** A disk has failed, and the process that used it ends. */
final class FailedDiskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedDiskException(IOException why) {
        super(why.getMessage(), why);
    }
}
