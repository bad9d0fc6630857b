package dev.hence.engine.rows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were used last, encoded as they are in the database, within a budget of memory. It also knows of rows
 * that they do not exist.
 *
 * <p><b>How.</b> Records are appended to pages of bytes; an index with open addressing leads from the keyed hash of
 * a name to the newest record. Both are primitive arrays: whatever their number, rows cost the garbage collector
 * nothing. The index has {@value #PARTS} parts that grow one by one, so that no change waits for all of it. When the
 * budget is used up, the oldest page goes: of its records those that were read since they were appended are appended
 * again, up to half a page, and the others are forgotten.
 *
 * <p><b>Reading</b> takes no lock and waits for nothing. A page is never changed behind a reader: a record that was
 * found stays readable while the reader holds its page, whatever happens to it in the index.
 *
 * <p><b>Invariant.</b> A record that is found is the row as of some moment between begin and end of the search, if all
 * changes of rows are reported by {@link #put} and {@link #remove}, and rows read elsewhere by {@link #fill}: a row that
 * was read before a change is not added after it ({@link #stamp}).
 *
 * <p>Thread-safe. Changes exclude each other.
 */
public final class RowTable {

    private static final int PARTS = 256;

    // An entry of the index: the tag of the hash, the number of the page, and the place in the page.
    private static final int PLACE_BITS = 15;
    private static final int PAGE_BITS = 29;
    private static final int TAG_SHIFT = PLACE_BITS + PAGE_BITS;
    private static final int PAGES_MAX = 1 << PAGE_BITS;

    private static final int STAMPS = 1 << 12;
    private static final byte[] NOTHING = {};
    private static final int ABSENT = -1;

    private final SipHash hash;
    private final RowIndex[] index = new RowIndex[PARTS];
    private final AtomicReferenceArray<@Nullable RowPage> pages;
    private final int pagesHeldMax;
    private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);
    private final ReentrantLock changing = new ReentrantLock();

    // Guarded by the lock.
    private RowPage last;
    private int oldest;

    /** Reads a row. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * @param bytes must not be changed
         * @param from the index of the row's first byte
         * @param to the index after its last byte; less than {@code from} if it is known that there is no such row
         */
        T read(byte[] bytes, int from, int to);
    }

    /**
     * @param bytesMax the budget for pages, in bytes; at least four pages are held
     * @param key0 of the hash: random, and unknown to clients
     * @param key1 of the hash
     */
    public RowTable(long bytesMax, long key0, long key1) {
        this.hash = new SipHash(key0, key1);
        this.pagesHeldMax = Math.clamp(bytesMax / RowPage.BYTES, 4, 1 << 20);
        int slots = Integer.highestOneBit(pagesHeldMax) * 2;
        this.pages = new AtomicReferenceArray<>(slots);
        for (int i = 0; i < PARTS; i++) {
            index[i] = new RowIndex();
        }
        // A record at place 0 of page 0 with tag 0 would look like an empty entry.
        this.oldest = 1;
        this.last = new RowPage(oldest);
        pages.set(slot(oldest), last);
    }

    private int slot(int page) {
        return page & (pages.length() - 1);
    }

    private RowIndex part(long hashed) {
        return index[(int) (hashed >>> 36) & (PARTS - 1)];
    }

    private static long tag(long hashed) {
        return hashed >>> TAG_SHIFT;
    }

    private static long entry(long hashed, RowPage page, int place) {
        return tag(hashed) << TAG_SHIFT | (long) page.number << PLACE_BITS | place / RowPage.ALIGNMENT;
    }

    private static int place(long entry) {
        return (int) (entry & (1 << PLACE_BITS) - 1) * RowPage.ALIGNMENT;
    }

    /** Returns the page of an entry; null if it is gone. */
    private @Nullable RowPage page(long entry) {
        int number = (int) (entry >>> PLACE_BITS) & (PAGES_MAX - 1);
        RowPage page = pages.getAcquire(slot(number));
        return page == null || page.number != number ? null : page;
    }

    private long hash(int family, byte[] name) {
        return hash.of(name, 0, name.length, family);
    }

    /**
     * Reads a row.
     *
     * @param family 0 or 1: names of two families are different
     * @return what the reader returns; null if the table does not know the row
     */
    public <T> @Nullable T read(int family, byte[] name, Reader<T> reader) {
        long hashed = hash(family, name);
        long[] slots = part(hashed).slots();
        for (int slot = RowIndex.begin(slots, hashed); ; slot = RowIndex.next(slots, slot)) {
            long entry = RowIndex.entry(slots, slot);
            if (entry == RowIndex.EMPTY) {
                return null;
            }
            if (entry != RowIndex.REMOVED && entry >>> TAG_SHIFT == tag(hashed)) {
                RowPage page = page(entry);
                int place = place(entry);
                if (page != null && page.is(place, family, name)) {
                    page.markUsed(place);
                    int from = page.valueFrom(place);
                    return reader.read(page.bytes, from, from + page.valueBytes(place));
                }
            }
        }
    }

    /**
     * To be called before a row is read elsewhere.
     *
     * @return for {@link #fill}
     */
    public int stamp(int family, byte[] name) {
        return stamps.get(stampOf(hash(family, name)));
    }

    private static int stampOf(long hashed) {
        return (int) (hashed >>> 20) & (STAMPS - 1);
    }

    /**
     * Adds a row that was read elsewhere, unless it may have changed since. It does nothing if another thread is changing
     * the table.
     *
     * @param value the row; null if there is none
     * @param stamp from {@link #stamp}, before the row was read
     */
    public void fill(int family, byte[] name, byte @Nullable [] value, int stamp) {
        if (!changing.tryLock()) {
            return;
        }
        try {
            long hashed = hash(family, name);
            if (stamps.get(stampOf(hashed)) == stamp) {
                set(family, name, hashed, value);
            }
        } finally {
            changing.unlock();
        }
    }

    /** Records a row that was written. */
    public void put(int family, byte[] name, byte[] value) {
        change(family, name, value);
    }

    /** Records that a row was removed. */
    public void remove(int family, byte[] name) {
        change(family, name, null);
    }

    private void change(int family, byte[] name, byte @Nullable [] value) {
        changing.lock();
        try {
            long hashed = hash(family, name);
            stamps.incrementAndGet(stampOf(hashed));
            set(family, name, hashed, value);
        } finally {
            changing.unlock();
        }
    }

    private void set(int family, byte[] name, long hashed, byte @Nullable [] value) {
        int valueBytes = value == null ? ABSENT : value.length;
        boolean fits = RowPage.recordBytes(name.length, valueBytes) <= RowPage.RECORD_BYTES_MAX;
        // First, because it may forget rows.
        long entry = fits
                ? append(hashed, family, name, 0, name.length, value == null ? NOTHING : value, 0, valueBytes)
                : RowIndex.REMOVED;
        RowIndex part = part(hashed);
        int slot = part.find(hashed, each -> isOf(each, hashed, family, name));
        if (slot >= 0 && fits) {
            part.replace(slot, entry);
        } else if (slot >= 0) {
            part.remove(slot);
        } else if (fits) {
            part.add(hashed, entry, this::hashOf);
        }
    }

    private boolean isOf(long entry, long hashed, int family, byte[] name) {
        if (entry >>> TAG_SHIFT != tag(hashed)) {
            return false;
        }
        RowPage page = page(entry);
        return page != null && page.is(place(entry), family, name);
    }

    private long hashOf(long entry) {
        RowPage page = page(entry);
        if (page == null) {
            throw new AssertionError("row table: an entry of a page that is gone (expected: removed with it)");
        }
        int place = place(entry);
        return hash.of(page.bytes, page.nameFrom(place), page.nameBytes(place), page.family(place));
    }

    private long append(
            long hashed, int family, byte[] name, int nameFrom, int nameBytes, byte[] value, int from, int valueBytes) {
        if (!last.hasRoom(RowPage.recordBytes(nameBytes, valueBytes))) {
            begin();
        }
        return entry(hashed, last, last.append(family, name, nameFrom, nameBytes, value, from, valueBytes));
    }

    /** Begins a page; the oldest ones go if there are too many. */
    private void begin() {
        if (last.number + 1 == PAGES_MAX) {
            throw new AssertionError("row table: " + PAGES_MAX + " pages were written (expected: fewer in a lifetime)");
        }
        RowPage next = new RowPage(last.number + 1);
        RowPage goes = next.number - oldest >= pagesHeldMax ? pages.get(slot(oldest)) : null;
        pages.setRelease(slot(next.number), next);
        last = next;
        if (goes != null) {
            forget(goes);
        }
    }

    /** Removes the records of the oldest page from the index, and keeps some of those that were used. */
    private void forget(RowPage page) {
        for (int place = 0; place < page.end(); place = page.next(place)) {
            long hashed = hash.of(page.bytes, page.nameFrom(place), page.nameBytes(place), page.family(place));
            long entry = entry(hashed, page, place);
            RowIndex part = part(hashed);
            int slot = part.find(hashed, each -> each == entry);
            if (slot >= 0) {
                int bytes = RowPage.recordBytes(page.nameBytes(place), page.valueBytes(place));
                if (page.isUsed(place) && last.end() + bytes <= RowPage.BYTES / 2) {
                    part.replace(slot, again(hashed, page, place));
                } else {
                    part.remove(slot);
                }
            }
        }
        pages.set(slot(oldest), null);
        oldest++;
    }

    private long again(long hashed, RowPage page, int place) {
        return append(
                hashed,
                page.family(place),
                page.bytes,
                page.nameFrom(place),
                page.nameBytes(place),
                page.bytes,
                page.valueFrom(place),
                page.valueBytes(place));
    }

    /** Forgets all rows. */
    public void clear() {
        changing.lock();
        try {
            for (int i = 0; i < STAMPS; i++) {
                stamps.incrementAndGet(i);
            }
            for (int number = oldest; number <= last.number; number++) {
                pages.set(slot(number), null);
            }
            for (RowIndex part : index) {
                part.clear();
            }
            last = new RowPage(last.number + 1);
            oldest = last.number;
            pages.set(slot(oldest), last);
        } finally {
            changing.unlock();
        }
    }

    /** The memory in use, in bytes. */
    public long bytes() {
        changing.lock();
        try {
            long bytes = (last.number - oldest + 1L) * RowPage.BYTES;
            for (RowIndex part : index) {
                bytes += part.bytes();
            }
            return bytes;
        } finally {
            changing.unlock();
        }
    }

    /** The number of rows that are held, those included that are known not to exist. */
    public long rows() {
        changing.lock();
        try {
            long rows = 0;
            for (RowIndex part : index) {
                rows += part.live();
            }
            return rows;
        } finally {
            changing.unlock();
        }
    }
}
