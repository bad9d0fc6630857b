package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;

/** Rejects an operation on a key of another type; nothing was changed. */
public final class WrongTypeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongTypeException(Bytes key, DataType shown, DataType wanted) {
        super("key \"" + key + "\": holds a " + shown + " (expected: " + wanted + ")");
    }
}
