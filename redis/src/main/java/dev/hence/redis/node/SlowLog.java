package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The most recent slow commands, newest first. Only the beginning of many or long words is kept, so an entry takes at
 * most a few kilobytes.
 *
 * <p>Thread-safe.
 */
public final class SlowLog {

    /** The maximum number of entries that can be requested. */
    public static final int ENTRIES_MAX = 10_000;

    private static final int ENTRIES_DEFAULT = 128;
    private static final long THRESHOLD_MICROS_DEFAULT = 10_000;
    private static final int WORDS_MAX = 32;
    private static final int WORD_BYTES_MAX = 128;

    /**
     * A slow command.
     *
     * @param id one more than that of the previous entry
     * @param atSeconds when it was answered, by the node's wall clock
     * @param micros from when it was read until its reply was ready; for a write that includes the disk
     * @param words its words, truncated if there are many or they are long
     * @param address the client's address
     * @param clientName the name that the client set; empty for none
     */
    public record Entry(long id, long atSeconds, long micros, List<Bytes> words, String address, String clientName) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long nextId;
    private volatile long thresholdMicros = THRESHOLD_MICROS_DEFAULT;
    private volatile int entriesMax = ENTRIES_DEFAULT;

    /** The minimum duration of a recorded command in microseconds; 0 for every command, negative for none. */
    public long thresholdMicros() {
        return thresholdMicros;
    }

    public void thresholdMicros(long micros) {
        thresholdMicros = micros;
    }

    /** The maximum number of entries kept. */
    public int entriesMax() {
        return entriesMax;
    }

    /** @param max up to {@link #ENTRIES_MAX} */
    public synchronized void entriesMax(int max) {
        entriesMax = max;
        cut();
    }

    /** Whether a command of this duration is recorded. */
    public boolean isSlow(long micros) {
        long threshold = thresholdMicros;
        return threshold >= 0 && micros >= threshold;
    }

    /** Records a slow command. */
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

    /** The newest entries, at most {@code count}. */
    public synchronized List<Entry> newest(long count) {
        List<Entry> found = new ArrayList<>();
        Iterator<Entry> each = entries.iterator();
        while (each.hasNext() && found.size() < count) {
            found.add(each.next());
        }
        return found;
    }

    /** The number of entries. */
    public synchronized int size() {
        return entries.size();
    }

    /** Removes all entries. */
    public synchronized void clear() {
        entries.clear();
    }
}
