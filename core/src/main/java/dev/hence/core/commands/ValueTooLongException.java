package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;

/** Refuses a write whose result would be a longer string than allowed; nothing happened. */
public final class ValueTooLongException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ValueTooLongException(Bytes key, long length, long lengthMax) {
        super("value of \"" + key + "\": " + length + " bytes (expected: at most " + lengthMax + ")");
    }
}
