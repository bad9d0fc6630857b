package dev.hence.core.replica;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;

/**
 * The stored state of a replica, as its core reads it: everything up to the last changes that the host
 * took with {@link Replica#takeChanges} and committed.
 */
@FunctionalInterface
public interface State {

    /**
     * What is stored under a key; {@link Register#EMPTY} if nothing is.
     *
     * <p>If it cannot be read, an exception ends the replica: updates may be half applied in it, so the host
     * discards it and goes on from what is stored.
     */
    Register register(Bytes key);
}
