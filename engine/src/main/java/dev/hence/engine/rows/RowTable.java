package dev.hence.engine.rows;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rows in memory, encoded as they are in the database: those that were used last, within a budget, and all that were
 * changed and are not in the database yet. It also knows of rows that they do not exist.
 *
 * <p><b>How.</b> Records are appended to pages of bytes; an index with open addressing leads from the keyed hash of
 * a name to the newest record. Both are primitive arrays: whatever their number, rows cost the garbage collector
 * nothing. The index has parts that grow one by one, so that no change waits for all of it. When the budget is used up,
 * the oldest page goes. Of its records those that the index still leads to are appended again: all of
 * them while all such records take at most {@value #LIVE_PERCENT} % of the budget, and otherwise those that were read since
 * they were appended, up to half a page. The others are forgotten. So rows that fit stay, however often they change; the cleaner of
 * log-structured memory does the same: Rumble, Kejriwal, Ousterhout: Log-structured Memory for DRAM-based Storage (FAST
 * 2014).
 *
 * <p><b>Writing back.</b> Changed rows are dirty until {@link #written}. Their pages stay, even beyond the budget, which
 * the owner keeps short by writing soon. Records are never changed, except for a mark that nobody reads who writes
 * them, so those that {@link #takeDirty} returns can be written while the rows change again.
 *
 * <p><b>Reading</b> takes no lock. Pages that go are used again, and with them their memory: otherwise they would fill the
 * heap with garbage that lives too long for the collector of young objects. So a reader looks again whether the page is
 * still the same after it has read a record, and if not, searches again.
 *
 * <p><b>Invariants.</b> (1) A record that is found is the row as of some moment between begin and end of the search. (2)
 * A row that is not found was in the database, unchanged, at some moment of the search, if all changes of rows are
 * reported by {@link #put}, or by {@link #stored} and {@link #forget} after they are in the database.
 * (3) A row that was read from the database is never added over a newer one: a stamp that is taken before the search
 * ({@link #stamp}) shows that the row did not change since ({@link #fill}).
 *
 * <p>Thread-safe. Changes exclude each other.
 */
public final class RowTable {

    // An entry of the index: the tag of the hash, the number of the page, and the place in the page.
    private static final int PLACE_BITS = 15;
    private static final int PAGE_BITS = Long.SIZE - RowIndex.TAG_BITS - PLACE_BITS;
    private static final int TAG_SHIFT = PLACE_BITS + PAGE_BITS;
    private static final long PAGE_MASK = (1L << PAGE_BITS) - 1;

    /** What loads hardly ever add up to. */
    private static final long NEVER_FETCHED = 0x6a09e667f3bcc908L;

    private static final int PAGES_MIN = 4;
    private static final int PARTS_MIN = 256;

    /** A part for this many bytes: fewer rows of the least size than half of what an index can hold. */
    private static final long PART_BYTES = 4L << 20;

    /** How far dirty pages may exceed the budget. */
    private static final int DIRTY_PAGES_MAX = 1_024;

    /** Of replaced and dirty records, beyond half of the size of the rows. */
    private static final int SPARE_PAGES = 64;

    /** How many pages are kept to be used again. */
    private static final int FREE_PAGES_MAX = 8;

    /** Above it, cleaning would copy more than it frees. */
    private static final int LIVE_PERCENT = 65;

    /**
     * How many of the oldest pages go when a new one begins. If all are full of rows that stay, the table exceeds its
     * budget by {@link #LIVE_PERCENT} divided by this, until the turn comes to pages that are not.
     */
    private static final int CLEANED_MAX = 4;

    private static final int STAMP_BITS = 12;
    private static final int STAMPS = 1 << STAMP_BITS;
    private static final byte[] NOTHING = {};
    private static final int ABSENT = -1;

    private final SipHash hash;
    private final RowIndex[] index;
    private final AtomicReferenceArray<@Nullable RowPage> pages;
    private final int pagesHeldMax;
    private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);
    private final ReentrantLock changing = new ReentrantLock();
    private final Runnable onFull;
    private volatile boolean complete;

    // Guarded by the lock.
    private RowPage last;
    private long oldest;
    private final Queue<RowPage> free = new ArrayDeque<>();
    /** The size of the records that the index leads to. */
    private long liveBytes;

    private long indexBytes;
    private long reservedBytes;

    private final DirtyRecords dirty = new DirtyRecords();

    /** Reads a row. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Returns what it reads. It may be called several times for one search, also with bytes that are changed
         * meanwhile; what it returns or throws then is dropped. So it must have no other effect.
         *
         * @param bytes must not be changed
         * @param from the index of the row's first byte
         * @param to the index after its last byte; less than {@code from} if it is known that there is no such row
         */
        T read(byte[] bytes, int from, int to);
    }

    /**
     * @param bytesMax the budget for pages, in bytes; at least four pages are held. With the index a third more is taken
     * @param key0 of the hash: random, and unknown to clients
     * @param key1 of the hash
     * @param complete whether the database is empty, so that a row that is not found does not exist
     * @param onFull called when dirty pages are to be written, because the budget is used up; must return at once
     */
    public RowTable(long bytesMax, long key0, long key1, boolean complete, Runnable onFull) {
        this(bytesMax, key0, key1, complete, onFull, 1);
    }

    /** @param firstPage the number of the first page; its lower bits are not zero */
    RowTable(long bytesMax, long key0, long key1, boolean complete, Runnable onFull, long firstPage) {
        this.hash = new SipHash(key0, key1);
        this.complete = complete;
        this.onFull = onFull;
        this.pagesHeldMax = Math.clamp(bytesMax / RowPage.BYTES, PAGES_MIN, 1 << 20);
        this.pages = new AtomicReferenceArray<>(powerOfTwo(2 * pagesHeldMax + DIRTY_PAGES_MAX));
        this.index = new RowIndex[Math.max(PARTS_MIN, powerOfTwo((int) (bytesMax / PART_BYTES)))];
        for (int i = 0; i < index.length; i++) {
            index[i] = new RowIndex();
        }
        this.indexBytes = sizeOfIndex();
        this.oldest = firstPage;
        this.last = new RowPage(oldest);
        pages.set(slot(oldest), last);
    }

    private static int powerOfTwo(int least) {
        return least <= 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    private int slot(long page) {
        return (int) page & (pages.length() - 1);
    }

    private RowIndex part(long hashed) {
        return index[(int) (hashed >>> STAMP_BITS) & (index.length - 1)];
    }

    private static int stampOf(long hashed) {
        return (int) hashed & (STAMPS - 1);
    }

    private static long tag(long hashed) {
        return hashed >>> TAG_SHIFT;
    }

    private static long entry(long hashed, RowPage page, int place) {
        return tag(hashed) << TAG_SHIFT | (page.number() & PAGE_MASK) << PLACE_BITS | place / RowPage.ALIGNMENT;
    }

    static int place(long entry) {
        return (int) (entry & (1 << PLACE_BITS) - 1) * RowPage.ALIGNMENT;
    }

    /** Returns the page of an entry; null if it is gone. */
    private @Nullable RowPage page(long entry) {
        RowPage page = pages.getAcquire(slot(numberOf(entry)));
        return page == null || (page.number() & PAGE_MASK) != numberOf(entry) ? null : page;
    }

    /** The lower bits of the number of an entry's page. */
    private static long numberOf(long entry) {
        return entry >>> PLACE_BITS & PAGE_MASK;
    }

    /** Whether an entry, which is not empty, may be that of a name. */
    private static boolean hasTag(long entry, long tag) {
        return entry >>> TAG_SHIFT == tag && entry != RowIndex.REMOVED;
    }

    RowPage heldPage(long entry) {
        RowPage page = page(entry);
        if (page == null) {
            throw new AssertionError(
                    "row table: the page of a record is gone (expected: held while the record is dirty or found)");
        }
        return page;
    }

    /**
     * Returns the hash of a name, by which all other methods find it.
     *
     * @param family 0 to 3: names of two families are different
     */
    public long hash(int family, byte[] name) {
        return hash.of(name, 0, name.length, family);
    }

    /** Whether a row of this size is held. A larger one is to be stored before it is reported ({@link #forget}). */
    public static boolean holds(int nameBytes, int valueBytes) {
        return RowPage.recordBytes(nameBytes, valueBytes) <= RowPage.RECORD_BYTES_MAX;
    }

    /**
     * Reads a row.
     *
     * @return what the reader returns; null if the table does not know the row
     */
    public <T> @Nullable T read(long hashed, int family, byte[] name, Reader<T> reader) {
        long[] slots = part(hashed).slots();
        long tag = tag(hashed);
        for (int slot = RowIndex.begin(slots, tag); ; slot = RowIndex.next(slots, slot)) {
            long entry = RowIndex.entry(slots, slot);
            if (entry == RowIndex.EMPTY) {
                return null;
            }
            if (hasTag(entry, tag)) {
                RowPage page = pages.getAcquire(slot(numberOf(entry)));
                long number = page == null ? -1 : page.number();
                if (page == null || (number & PAGE_MASK) != numberOf(entry)) {
                    // The record has been forgotten, or is somewhere else by now.
                    return read(hashed, family, name, reader);
                }
                boolean found = page.is(place(entry), family, name);
                T read = found ? read(page, number, place(entry), reader) : null;
                if (!page.isStill(number)) {
                    return read(hashed, family, name, reader);
                }
                if (found) {
                    return read;
                }
            }
        }
    }

    /**
     * Brings rows close to the processor which the same thread is about to read or change. Looking for one row after
     * another waits for the memory several times for each; here the processor waits for many at the same time, because
     * no access depends on the one before it. Nothing else happens, and rows that the table does not know are passed over.
     *
     * <p>Chen, Ailamaki, Gibbons, Mowry: Improving Hash Join Performance through Prefetching (ICDE 2004), "group
     * prefetching", here by loads.
     *
     * @param hashes from {@link #hash}
     */
    public void fetch(long... hashes) {
        long fetched = 0;
        for (long hashed : hashes) {
            long[] slots = part(hashed).slots();
            fetched += slots[RowIndex.begin(slots, tag(hashed))];
        }
        for (long hashed : hashes) {
            long entry = entry(hashed);
            RowPage page = entry == RowIndex.EMPTY ? null : page(entry);
            if (page != null) {
                fetched += page.fetch(place(entry));
            }
        }
        if (fetched == NEVER_FETCHED) {
            // Without any use of what was loaded the compiler would leave the loads out.
            Thread.onSpinWait();
        }
    }

    /** Returns the first entry with the tag of a hash, which is probably that of the row; EMPTY if there is none. */
    private long entry(long hashed) {
        long[] slots = part(hashed).slots();
        long tag = tag(hashed);
        int slot = RowIndex.begin(slots, tag);
        long entry = RowIndex.entry(slots, slot);
        while (entry != RowIndex.EMPTY && !hasTag(entry, tag)) {
            slot = RowIndex.next(slots, slot);
            entry = RowIndex.entry(slots, slot);
        }
        return entry;
    }

    /** Returns what a reader returns; anything if the page has begun again meanwhile. */
    private static <T> @Nullable T read(RowPage page, long number, int place, Reader<T> reader) {
        int from = page.valueFrom(place);
        int to = from + page.valueBytes(place);
        // A reader must not see lengths that are not those of the record.
        if (!page.isStill(number)) {
            return null;
        }
        page.markUsed(place);
        try {
            return reader.read(page.bytes, from, to);
        } catch (RuntimeException | Error failed) {
            if (page.isStill(number)) {
                throw failed;
            }
            return null;
        }
    }

    /**
     * Whether the table holds all rows that exist. To be asked after a search: if it is so then, the row did not exist.
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * To be called before a row is searched here and then in the database.
     *
     * @return for {@link #fill}
     */
    public int stamp(long hashed) {
        return stamps.get(stampOf(hashed));
    }

    /**
     * Adds a row that was read from the database, unless it may have changed since. It does nothing if another thread is
     * changing the table.
     *
     * @param value the row; null if there is none
     * @param stamp from {@link #stamp}, before the row was searched
     */
    public void fill(long hashed, int family, byte[] name, byte @Nullable [] value, int stamp) {
        if (!changing.tryLock()) {
            return;
        }
        try {
            if (stamps.get(stampOf(hashed)) == stamp && holds(name.length, value == null ? 0 : value.length)) {
                if (isFull()) {
                    onFull.run();
                } else {
                    set(hashed, family, name, value);
                }
            }
        } finally {
            changing.unlock();
        }
    }

    /** Whether the budget is used up, and dirty pages prevent that pages go. */
    private boolean isFull() {
        return last.number() - oldest + 1 > pagesMax() && oldest >= dirty.oldestPage();
    }

    /**
     * Takes memory of the budget for something else, instead of what was reserved before. A few pages go at once, so it is
     * to be called again before another page's worth is taken.
     */
    public void reserve(long bytes) {
        changing.lock();
        try {
            boolean isMore = bytes > reservedBytes;
            reservedBytes = bytes;
            if (isMore && oldest < dirty.oldestPage()) {
                clean();
            }
        } finally {
            changing.unlock();
        }
    }

    /** Makes changes of which {@link #takeDirty} takes all or none. Reads see each of them at once. */
    public void together(Runnable changes) {
        changing.lock();
        try {
            changes.run();
        } finally {
            changing.unlock();
        }
    }

    /**
     * Changes a row that {@link #holds fits}; it is dirty then.
     *
     * @param value the row; null if it is removed
     */
    public void put(int family, byte[] name, byte @Nullable [] value) {
        long hashed = hash(family, name);
        changing.lock();
        try {
            long entry = changed(hashed, family, name, value);
            int recordBytes = RowPage.recordBytes(name.length, value == null ? 0 : value.length);
            dirty.add(entry, last.number(), recordBytes);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Records a row that {@link #holds fits} and was changed in the database.
     *
     * @param value the row; null if it was removed
     */
    public void stored(int family, byte[] name, byte @Nullable [] value) {
        long hashed = hash(family, name);
        changing.lock();
        try {
            changed(hashed, family, name, value);
        } finally {
            changing.unlock();
        }
    }

    /** Forgets a row that was changed in the database. */
    public void forget(int family, byte[] name) {
        long hashed = hash(family, name);
        changing.lock();
        try {
            complete = false;
            stamps.incrementAndGet(stampOf(hashed));
            RowIndex part = part(hashed);
            int slot = find(part, hashed, family, name);
            if (slot >= 0) {
                replaced(part.slots()[slot]);
                part.remove(slot);
            }
        } finally {
            changing.unlock();
        }
    }

    private long changed(long hashed, int family, byte[] name, byte @Nullable [] value) {
        if (!holds(name.length, value == null ? 0 : value.length)) {
            throw new IllegalArgumentException("row: " + name.length + " bytes of name (expected: a row that fits)");
        }
        long entry = set(hashed, family, name, value);
        // After the row can be found: a reader that sees this stamp finds the row, and who does not find it has
        // another.
        stamps.incrementAndGet(stampOf(hashed));
        return entry;
    }

    private long set(long hashed, int family, byte[] name, byte @Nullable [] value) {
        int valueBytes = value == null ? ABSENT : value.length;
        // First, because it may forget rows.
        if (!last.hasRoom(RowPage.recordBytes(name.length, valueBytes))) {
            begin();
        }
        long entry = append(hashed, family, name, 0, name.length, value == null ? NOTHING : value, 0, valueBytes);
        RowIndex part = part(hashed);
        int slot = find(part, hashed, family, name);
        if (slot >= 0) {
            replaced(part.slots()[slot]);
            part.replace(slot, entry);
        } else {
            long before = part.bytes();
            part.add(entry);
            indexBytes += part.bytes() - before;
        }
        liveBytes += RowPage.recordBytes(name.length, valueBytes);
        return entry;
    }

    private void replaced(long entry) {
        RowPage page = heldPage(entry);
        page.markReplaced(place(entry));
        liveBytes -= page.recordBytes(place(entry));
    }

    private int find(RowIndex part, long hashed, int family, byte[] name) {
        long[] slots = part.slots();
        long tag = tag(hashed);
        for (int slot = RowIndex.begin(slots, tag); slots[slot] != RowIndex.EMPTY; slot = RowIndex.next(slots, slot)) {
            RowPage page = hasTag(slots[slot], tag) ? page(slots[slot]) : null;
            if (page != null && page.is(place(slots[slot]), family, name)) {
                return slot;
            }
        }
        return -1;
    }

    private long append(
            long hashed, int family, byte[] name, int nameFrom, int nameBytes, byte[] value, int from, int valueBytes) {
        if (!last.hasRoom(RowPage.recordBytes(nameBytes, valueBytes))) {
            addPage();
        }
        return entry(hashed, last, last.append(family, name, nameFrom, nameBytes, value, from, valueBytes));
    }

    /**
     * The number of the next page. Entries have only the lower bits of it, which are not zero: the entry of a record at
     * place 0 of such a page could look like an empty one.
     */
    private static long after(long page) {
        return ((page + 1) & PAGE_MASK) == 0 ? page + 2 : page + 1;
    }

    /** Begins a page; the oldest ones go if there are too many. */
    private void begin() {
        addPage();
        clean();
    }

    private void clean() {
        for (int i = 0; i < CLEANED_MAX && last.number() - oldest >= pagesWanted(); i++) {
            if (oldest >= dirty.oldestPage()) {
                onFull.run();
                return;
            }
            forgetOldest();
        }
    }

    /** Less than the budget while the rows need less: replaced records are not to fill memory only because there is some. */
    private long pagesWanted() {
        return Math.min(pagesMax(), (liveBytes + liveBytes / 2) / RowPage.BYTES + SPARE_PAGES);
    }

    /**
     * The index of short rows may be as large as their pages: beyond a third of the budget it takes from that of pages, and
     * so does what is reserved.
     */
    private long pagesMax() {
        long left = (long) pagesHeldMax * RowPage.BYTES / 3 * 4 - indexBytes - reservedBytes;
        return Math.clamp(left / RowPage.BYTES, PAGES_MIN, pagesHeldMax);
    }

    private long sizeOfIndex() {
        long bytes = 0;
        for (RowIndex part : index) {
            bytes += part.bytes();
        }
        return bytes;
    }

    private void addPage() {
        long number = after(last.number());
        if (number - oldest >= pages.length()) {
            throw new AssertionError(
                    "row table: " + pages.length() + " pages are held (expected: dirty ones written before "
                            + "there are " + DIRTY_PAGES_MAX + " beyond the budget)");
        }
        last = emptyPage(number);
        pages.setRelease(slot(number), last);
    }

    /** Returns an empty page; one that was used before if there is one. */
    private RowPage emptyPage(long number) {
        RowPage page = free.poll();
        if (page == null) {
            return new RowPage(number);
        }
        page.begin(number);
        return page;
    }

    /** Empties the oldest page: records that stay are appended again, the others are removed from the index. */
    private void forgetOldest() {
        RowPage page = pages.get(slot(oldest));
        if (page == null) {
            throw new AssertionError("row table: page " + oldest + " is gone (expected: held)");
        }
        boolean allStay = liveBytes <= pagesMax() * RowPage.BYTES / 100 * LIVE_PERCENT;
        for (int place = 0; place < page.end(); place = page.next(place)) {
            if (!page.isReplaced(place)) {
                int end = last.end() + page.recordBytes(place);
                forget(page, place, allStay || (page.isUsed(place) && end <= RowPage.BYTES / 2));
            }
        }
        pages.set(slot(oldest), null);
        if (free.size() < FREE_PAGES_MAX) {
            free.add(page);
        }
        oldest = after(oldest);
    }

    /** @param stays whether the record is appended again */
    private void forget(RowPage page, int place, boolean stays) {
        long hashed = hash.of(page.bytes, page.nameFrom(place), page.nameBytes(place), page.family(place));
        RowIndex part = part(hashed);
        int slot = part.find(entry(hashed, page, place));
        if (slot < 0) {
            throw new AssertionError("row table: a record of page " + oldest
                    + " is not in the index (expected: there, or marked as replaced)");
        }
        if (stays) {
            part.replace(slot, again(hashed, page, place));
        } else {
            // Before the row goes: a reader that does not find it sees this.
            complete = false;
            part.remove(slot);
            liveBytes -= page.recordBytes(place);
        }
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

    /** The size of the dirty records that were not taken, in bytes. */
    public long dirtyBytes() {
        changing.lock();
        try {
            return dirty.bytes();
        } finally {
            changing.unlock();
        }
    }

    /** Takes the dirty records, to be written to the database; {@link #written} must be called before the next time. */
    public DirtyRows takeDirty() {
        changing.lock();
        try {
            return dirty.take(this);
        } finally {
            changing.unlock();
        }
    }

    /** Records that what was taken is in the database. */
    public void written() {
        changing.lock();
        try {
            dirty.written();
        } finally {
            changing.unlock();
        }
    }

    /** Forgets all rows, of which none may be dirty. */
    public void clear() {
        changing.lock();
        try {
            if (!dirty.isEmpty()) {
                throw new AssertionError("row table: cleared with dirty rows (expected: written before)");
            }
            complete = false;
            for (int i = 0; i < STAMPS; i++) {
                stamps.incrementAndGet(i);
            }
            // First, because a reader that finds an entry without its page searches again.
            for (RowIndex part : index) {
                part.clear();
            }
            indexBytes = sizeOfIndex();
            liveBytes = 0;
            for (long number = oldest; number <= last.number(); number = after(number)) {
                pages.set(slot(number), null);
            }
            last = new RowPage(after(last.number()));
            oldest = last.number();
            pages.set(slot(oldest), last);
        } finally {
            changing.unlock();
        }
    }

    /** The memory in use, in bytes. */
    public long bytes() {
        changing.lock();
        try {
            return (last.number() - oldest + 1L + free.size()) * RowPage.BYTES + indexBytes;
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
