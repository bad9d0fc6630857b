package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The last commands that took long, newest first. Of a command with many or long words the beginning is kept, so an
 * entry takes a few kilobytes at most.
 *
 * <p>Thread-safe.
 */
public final class SlowLog {

    /** The largest number of entries that can be asked for. */
    public static final int ENTRIES_MAX = 10_000;

    private static final int ENTRIES_DEFAULT = 128;
    private static final long THRESHOLD_MICROS_DEFAULT = 10_000;
    private static final int WORDS_MAX = 32;
    private static final int WORD_BYTES_MAX = 128;

    /**
     * A command that took long.
     *
     * @param id one more than that of the entry before
     * @param atSeconds when it was answered, by the node's wall clock
     * @param micros from when it was read until its reply was ready; for a write that includes the disk
     * @param words its words, cut if there are many or they are long
     * @param address the client's
     * @param clientName the name that the client gave itself; empty for none
     */
    public record Entry(long id, long atSeconds, long micros, List<Bytes> words, String address, String clientName) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long nextId;
    private volatile long thresholdMicros = THRESHOLD_MICROS_DEFAULT;
    private volatile int entriesMax = ENTRIES_DEFAULT;

    /** From how many microseconds on a command is kept; 0 for every one, negative for none. */
    public long thresholdMicros() {
        return thresholdMicros;
    }

    public void thresholdMicros(long micros) {
        thresholdMicros = micros;
    }

    /** How many entries are kept. */
    public int entriesMax() {
        return entriesMax;
    }

    /** @param max up to {@link #ENTRIES_MAX} */
    public synchronized void entriesMax(int max) {
        entriesMax = max;
        cut();
    }

    /** Whether a command that took so long is to be kept. */
    public boolean isSlow(long micros) {
        long threshold = thresholdMicros;
        return threshold >= 0 && micros >= threshold;
    }

    /** Takes note of a slow command. */
    public synchronized void add(long micros, List<Bytes> words, String address, String clientName) {
        entries.addFirst(
                new Entry(nextId++, System.currentTimeMillis() / 1000, micros, shortened(words), address, clientName));
        cut();
    }

    private void cut() {
        while (entries.size() > entriesMax) {
            entries.removeLast();
        }
    }

    private static List<Bytes> shortened(List<Bytes> words) {
        int kept = words.size() <= WORDS_MAX ? words.size() : WORDS_MAX - 1;
        List<Bytes> few = new ArrayList<>(kept + 1);
        for (Bytes word : words.subList(0, kept)) {
            few.add(shortened(word));
        }
        if (kept < words.size()) {
            few.add(Bytes.utf8("... (" + (words.size() - kept) + " more arguments)"));
        }
        return few;
    }

    private static Bytes shortened(Bytes word) {
        int more = word.length() - WORD_BYTES_MAX;
        if (more <= 0) {
            return word;
        }
        byte[] note = Bytes.utf8("... (" + more + " more bytes)").array();
        byte[] cut = new byte[WORD_BYTES_MAX + note.length];
        System.arraycopy(word.array(), 0, cut, 0, WORD_BYTES_MAX);
        System.arraycopy(note, 0, cut, WORD_BYTES_MAX, note.length);
        return Bytes.wrap(cut);
    }

    /** The newest entries, at most so many. */
    public synchronized List<Entry> newest(long count) {
        List<Entry> found = new ArrayList<>();
        Iterator<Entry> each = entries.iterator();
        while (each.hasNext() && found.size() < count) {
            found.add(each.next());
        }
        return found;
    }

    /** How many entries there are. */
    public synchronized int size() {
        return entries.size();
    }

    /** Forgets all entries. */
    public synchronized void clear() {
        entries.clear();
    }
}
