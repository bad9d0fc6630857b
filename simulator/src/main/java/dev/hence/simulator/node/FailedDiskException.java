package dev.hence.simulator.node;

import dev.hence.simulator.world.SimulatedDisk;
import java.io.IOException;

/** A disk has failed, and the process that used it ends. */
final class FailedDiskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedDiskException(IOException why) {
        super(why.getMessage(), why);
    }

    /** Whether a fault was injected; otherwise the node has damaged its own disk. */
    boolean isInjected() {
        return getCause() instanceof SimulatedDisk.ForceFailedException;
    }
}
