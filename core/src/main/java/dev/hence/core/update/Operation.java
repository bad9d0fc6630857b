package dev.hence.core.update;

import dev.hence.core.datatype.Bytes;
import dev.hence.core.datatype.Register;
import java.util.List;

/**
 * One change of one key, as every replica carries it out.
 *
 * <p>An operation is a net effect: its origin has folded what a transaction did to a key into at most
 * one operation, so the order of operations within an update does not matter.
 */
public sealed interface Operation {

    /** The key that changes. */
    Bytes key();

    /**
     * The state of the key after this operation, which is part of the update.
     *
     * <p>Pure: every replica that has delivered the same updates computes the same.
     */
    Register effect(Register before, Update update);

    /** The number of bytes of key and value: what limits count. */
    int sizeBytes();

    /** The number of bytes of all keys and values of some operations. */
    static long sizeBytes(List<Operation> operations) {
        long bytes = 0;
        for (Operation operation : operations) {
            bytes += operation.sizeBytes();
        }
        return bytes;
    }

    /** Assigns a value to a key, in place of all that its origin had seen there. */
    record SetString(Bytes key, Bytes value) implements Operation {
        @Override
        public Register effect(Register before, Update update) {
            return before.assign(new Register.Entry(update.dot(), update.timestamp(), value), update.context());
        }

        @Override
        public int sizeBytes() {
            return key.length() + value.length();
        }
    }

    /** Removes all that its origin had seen under a key; what was written concurrently stays. */
    record DeleteKey(Bytes key) implements Operation {
        @Override
        public Register effect(Register before, Update update) {
            return before.remove(update.context());
        }

        @Override
        public int sizeBytes() {
            return key.length();
        }
    }
}
