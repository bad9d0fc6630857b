package dev.hence.node.writer;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.replica.Written;
import dev.hence.engine.storage.ReadInterrupted;
import dev.hence.node.store.Store.Committed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transaction of a client of this node. */
final class WriteTask<R> extends WriterTask<Committed<R>> {

    private final Transaction.Body<R> body;
    private final Runnable requirement;
    private @Nullable WriterCache inMemory;

    /** @param requirement throws if local writes are rejected at the moment it is run */
    WriteTask(Transaction.Body<R> body, Runnable requirement) {
        this.body = body;
        this.requirement = requirement;
    }

    @Override
    void expectedKeys(List<Bytes> keys) {
        Bytes key = body.expectedKey();
        if (key != null) {
            keys.add(key);
        }
    }

    /**
     * Same as {@link #perform}, unless its body would wait for rows.
     *
     * @param rows what the replica reads
     * @return whether it has run; otherwise nothing happened
     */
    boolean tryPerform(Replica replica, long nowMillis, WriterCache rows) {
        inMemory = rows;
        try {
            perform(replica, nowMillis);
            return true;
        } catch (ReadInterrupted needsMore) {
            return false;
        } finally {
            inMemory = null;
        }
    }

    private R ranWithRows(Transaction transaction) {
        R result = body.run(transaction);
        // Once its writes are applied, it is too late to end it.
        transaction.readAhead();
        return result;
    }

    @Override
    Committed<R> run(Replica replica, long nowMillis) {
        requirement.run();
        WriterCache rows = inMemory;
        Written<R> written = replica.write(
                nowMillis,
                rows == null ? body : transaction -> rows.inMemory(body.expectedKey(), () -> ranWithRows(transaction)));
        // It is answered when the commit with this clock is published.
        return Committed.of(written, replica.clock());
    }
}
