package dev.hence.core.replica;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;

/**
 * The stored state of a replica, as its core reads it: everything up to the last changes that the host
 * took with {@link Replica#takeChanges} and committed.
 */
@FunctionalInterface
public interface State {

    /** What is stored under a key; {@link Register#EMPTY} if nothing is. */
    Register register(Bytes key);
}
