package dev.hence.simulator.history;

import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import java.util.ArrayList;
import java.util.List;

/** A short notation for histories. */
final class Histories {
    private Histories() {}

    /**
     * Transactions of the form {@code session: x?1 y?- z=2}: reads of x as 1 and of y as absent, then a write of z. An
     * exclamation mark after the session means an unknown outcome.
     */
    static List<Transaction> history(String... lines) {
        List<Transaction> history = new ArrayList<>();
        for (String line : lines) {
            history.add(transaction(line, history.size()));
        }
        return history;
    }

    private static Transaction transaction(String line, long at) {
        String session = line.substring(0, line.indexOf(':'));
        boolean ok = !session.endsWith("!");
        List<Access> reads = new ArrayList<>();
        List<Access> writes = new ArrayList<>();
        for (String operation : line.substring(line.indexOf(':') + 2).split(" ", -1)) {
            String key = operation.substring(0, 1);
            String value = operation.substring(2);
            if (operation.charAt(1) == '=') {
                writes.add(new Access(key, value.equals("-") ? null : value));
            } else {
                reads.add(new Access(key, value.equals("-") ? null : value));
            }
        }
        return new Transaction(
                ok ? session : session.substring(0, session.length() - 1),
                ok ? Status.OK : Status.UNKNOWN,
                "node1",
                at,
                ok ? at + 1 : null,
                reads,
                writes);
    }
}
