package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;

/** Rejects a write whose result would exceed the maximum length of a string; nothing was changed. */
public final class ValueTooLongException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ValueTooLongException(Bytes key, long length, long lengthMax) {
        super("value of \"" + key + "\": " + length + " bytes (expected: at most " + lengthMax + ")");
    }
}
