package dev.hence.core.commands;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.UpdateTooLargeException;
import dev.hence.core.update.Operation;

/**
 * The room that an update has for elements of one key, used up while they are collected: a result that is too large is
 * rejected before all of it is collected.
 */
final class UpdateRoom {

    private final Bytes key;
    private final long bytesMax;
    private long bytes;

    UpdateRoom(Transaction transaction, Bytes key) {
        this.key = key;
        this.bytesMax = transaction.bytesMax();
    }

    /** @throws UpdateTooLargeException if there is no room for one more */
    void take(Bytes element) {
        bytes += Operation.OVERHEAD_BYTES + key.length() + element.length();
        if (bytes > bytesMax) {
            throw new UpdateTooLargeException(bytes, bytesMax);
        }
    }
}
