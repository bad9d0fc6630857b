package dev.hence.system.history;

import dev.hence.simulator.history.Transaction;
import dev.hence.simulator.history.Transaction.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A planted error in a history: a session reads a value that it had itself overwritten. A checker that does not find it
 * would not find the store's errors either.
 */
public final class StaleRead {

    private record Register(String session, String key) {}

    private StaleRead() {}

    /** The history with one read changed; empty if no session reads a key that it has written twice. */
    public static Optional<List<Transaction>> in(List<Transaction> history) {
        Map<Register, String> written = new HashMap<>();
        Map<Register, String> overwritten = new HashMap<>();
        for (int i = 0; i < history.size(); i++) {
            Transaction transaction = history.get(i);
            if (!transaction.isOk()) {
                continue;
            }
            for (int read = 0; read < transaction.reads().size(); read++) {
                String key = transaction.reads().get(read).key();
                String stale = overwritten.get(new Register(transaction.session(), key));
                if (stale != null) {
                    List<Transaction> changed = new ArrayList<>(history);
                    changed.set(i, withRead(transaction, read, new Access(key, stale)));
                    return Optional.of(changed);
                }
            }
            for (Access write : transaction.writes()) {
                Register register = new Register(transaction.session(), write.key());
                String before = written.put(register, write.value());
                if (before != null) {
                    overwritten.put(register, before);
                }
            }
        }
        return Optional.empty();
    }

    private static Transaction withRead(Transaction transaction, int index, Access read) {
        List<Access> reads = new ArrayList<>(transaction.reads());
        reads.set(index, read);
        return new Transaction(
                transaction.session(),
                transaction.status(),
                transaction.node(),
                transaction.startMicros(),
                transaction.endMicros(),
                reads,
                transaction.writes());
    }
}
