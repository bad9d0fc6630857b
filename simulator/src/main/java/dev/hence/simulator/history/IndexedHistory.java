package dev.hence.simulator.history;

import dev.hence.simulator.history.Transaction.Access;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history in numbered form: transactions in their order, keys in order of first occurrence, and each read linked to
 * the transaction whose write it saw.
 *
 * <p>A transaction of unknown outcome follows those of its session that came before it and precedes none of the later
 * ones. If no transaction read its writes it is before none, so it need not be distinguished from one that was never
 * executed. Its reads are unknown.
 */
final class IndexedHistory {
    /** The writer of the initial value: the key was absent. */
    static final int INITIAL = -1;

    /** The writer of a value that no transaction wrote. */
    static final int NOBODY = -2;

    private final List<Transaction> transactions;
    private final Map<String, Integer> keys = new HashMap<>();
    private final List<Map<String, Integer>> writers = new ArrayList<>();
    private final int[] before;
    private final boolean[] continued;
    private final int[] readEnds;
    private final int[] readKeys;
    private final int[] readFrom;
    private final int[] writeEnds;
    private final int[] writeKeys;
    private @Nullable String repeatedWrite;

    IndexedHistory(List<Transaction> transactions) {
        this.transactions = transactions;
        int count = transactions.size();
        before = new int[count];
        continued = new boolean[count];
        linkSessions();
        writeEnds = new int[count];
        writeKeys = indexWrites();
        readEnds = new int[count];
        IntList foundKeys = new IntList();
        IntList foundFrom = new IntList();
        for (int t = 0; t < count; t++) {
            if (transactions.get(t).isOk()) {
                for (Access read : transactions.get(t).reads()) {
                    int key = key(read.key());
                    foundKeys.add(key);
                    foundFrom.add(
                            read.value() == null ? INITIAL : writers.get(key).getOrDefault(read.value(), NOBODY));
                }
            }
            readEnds[t] = foundKeys.size();
        }
        readKeys = foundKeys.toArray();
        readFrom = foundFrom.toArray();
    }

    private void linkSessions() {
        Map<String, Integer> latest = new HashMap<>();
        for (int t = 0; t < transactions.size(); t++) {
            Transaction transaction = transactions.get(t);
            Integer previous =
                    transaction.isOk() ? latest.put(transaction.session(), t) : latest.get(transaction.session());
            before[t] = previous == null ? -1 : previous;
            if (previous != null) {
                continued[previous] = true;
            }
        }
    }

    private int[] indexWrites() {
        IntList found = new IntList();
        for (int t = 0; t < transactions.size(); t++) {
            for (Access write : lastOfEachKey(transactions.get(t).writes())) {
                int key = key(write.key());
                found.add(key);
                Integer other = writers.get(key).putIfAbsent(String.valueOf(write.value()), t);
                if (other != null) {
                    repeatedWrite = write + " is written by " + describe(other) + " and by " + describe(t)
                            + " (expected: every value of a key is written once)";
                }
            }
            writeEnds[t] = found.size();
        }
        return found.toArray();
    }

    private static Iterable<Access> lastOfEachKey(List<Access> writes) {
        if (writes.size() < 2) {
            return writes;
        }
        Map<String, Access> last = new LinkedHashMap<>();
        writes.forEach(write -> last.put(write.key(), write));
        return last.values();
    }

    private int key(String name) {
        Integer known = keys.putIfAbsent(name, keys.size());
        if (known != null) {
            return known;
        }
        writers.add(new HashMap<>());
        return keys.size() - 1;
    }

    /** Two transactions that wrote the same value to the same key, as a message; null if there are none. */
    @Nullable
    String repeatedWrite() {
        return repeatedWrite;
    }

    /** The number of transactions. */
    int size() {
        return transactions.size();
    }

    int keyCount() {
        return keys.size();
    }

    /** The number of reads and writes. */
    int operations() {
        return readKeys.length + writeKeys.length;
    }

    boolean isOk(int transaction) {
        return transactions.get(transaction).isOk();
    }

    /** Returns the previous transaction of its session; -1 if it is the first. */
    int before(int transaction) {
        return before[transaction];
    }

    /** Whether another transaction follows it in its session. */
    boolean isContinued(int transaction) {
        return continued[transaction];
    }

    /** Reads are numbered consecutively; those of a transaction are from here to {@link #readsTo}, exclusive. */
    int readsFrom(int transaction) {
        return transaction == 0 ? 0 : readEnds[transaction - 1];
    }

    int readsTo(int transaction) {
        return readEnds[transaction];
    }

    boolean hasReads(int transaction) {
        return readsFrom(transaction) < readsTo(transaction);
    }

    int readKey(int read) {
        return readKeys[read];
    }

    /** The transaction whose write was seen, or {@link #INITIAL}, or {@link #NOBODY}. */
    int readFrom(int read) {
        return readFrom[read];
    }

    /** Writes are numbered consecutively, as reads are. */
    int writesFrom(int transaction) {
        return transaction == 0 ? 0 : writeEnds[transaction - 1];
    }

    int writesTo(int transaction) {
        return writeEnds[transaction];
    }

    boolean hasWrites(int transaction) {
        return writesFrom(transaction) < writesTo(transaction);
    }

    int writeKey(int write) {
        return writeKeys[write];
    }

    boolean writes(int transaction, int key) {
        return Arrays.stream(writeKeys, writesFrom(transaction), writesTo(transaction))
                .anyMatch(written -> written == key);
    }

    String keyName(int key) {
        return keys.entrySet().stream()
                .filter(entry -> entry.getValue() == key)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** A transaction as text for messages. */
    String describe(int transaction) {
        Transaction described = transactions.get(transaction);
        StringBuilder text = new StringBuilder("#").append(transaction + 1);
        text.append(" (session ").append(described.session());
        if (!described.isOk()) {
            text.append(", outcome unknown");
        }
        if (!described.reads().isEmpty()) {
            text.append(", read ").append(joined(described.reads()));
        }
        if (!described.writes().isEmpty()) {
            text.append(", wrote ").append(joined(described.writes()));
        }
        return text.append(')').toString();
    }

    private static String joined(List<Access> accesses) {
        return String.join(" ", accesses.stream().map(Access::toString).toList());
    }
}
