package dev.hence.engine.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A page of records, to which records are appended until it is full; they are never changed, except for the mark of a
 * replaced one. When its records have been forgotten, the page begins again under another number, so that the table does
 * not need new memory all the time.
 *
 * <pre>
 * name     4 bytes   four times its length, plus its family
 * value    4 bytes   bit 0: the record was replaced; above it: the length plus one, or 0 if there is no such row
 * name, value
 * </pre>
 *
 * <p>Records begin at multiples of {@value #ALIGNMENT}, so that an address fits into an entry of the index.
 *
 * <p><b>Reading.</b> Records are published by the index: its entry is written after the record, and read before it. The
 * page may begin again while a reader looks at a record of it. So a reader asks for the number before and after ({@link
 * #isStill}), and uses nothing of what it saw between if that has changed. This is a sequence lock: Boehm: Can Seqlocks
 * Get Along with Programming Language Memory Models? (MSPC 2012).
 *
 * <p><b>Marks.</b> That a record was replaced is in its head, which the thread that replaces it has just read. Others may
 * read the length there at the same time, without a lock: only bit 0 changes, so they get the same length whether they see
 * the mark or not. Readers mark what they used, and may do so when the page has begun again, so their marks must not be
 * among the records. They are bits of a few words, so that the processor's caches hold those of all pages. They are not
 * ordered with anything: two readers may undo each other's marks, and a mark may be of a record that was there before.
 * That costs some reads of the disk, or keeps a record a little longer.
 */
final class RowPage {

    /** Less than half of the smallest region of the collector, which handles larger arrays apart. */
    static final int BYTES = 256 << 10;

    static final int ALIGNMENT = 8;

    /** Larger records would waste too much of a page. */
    static final int RECORD_BYTES_MAX = BYTES / 8;

    static final int FAMILY_BITS = 2;

    static final int FAMILIES = 1 << FAMILY_BITS;

    private static final int HEAD_BYTES = 8;
    private static final int REPLACED = 1;
    private static final int LINE_BYTES = 64;
    /** So many bytes of records share a mark of use. */
    private static final int USE_BYTES = 64;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] bytes = new byte[BYTES];
    private final long[] used = new long[BYTES / USE_BYTES / Long.SIZE];
    private volatile long number;

    // Belongs to the thread that changes the table.
    private int end;

    RowPage(long number) {
        this.number = number;
    }

    long number() {
        return number;
    }

    /** Whether everything that was read since {@link #number()} returned this number is of that page. */
    boolean isStill(long before) {
        VarHandle.acquireFence();
        return number == before;
    }

    /** Forgets its records and gets another number. Nothing may lead to it, except searches that have begun. */
    void begin(long next) {
        number = next;
        // A reader of an earlier record that sees any of what follows sees that it is not that page any more.
        VarHandle.fullFence();
        Arrays.fill(used, 0);
        end = 0;
    }

    /** The size of a record in a page. */
    static int recordBytes(int nameBytes, int valueBytes) {
        return (HEAD_BYTES + nameBytes + Math.max(0, valueBytes) + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The place after the last record. */
    int end() {
        return end;
    }

    boolean hasRoom(int recordBytes) {
        return recordBytes <= BYTES - end;
    }

    /**
     * Appends a record, for which there is room.
     *
     * @param value of which the bytes from one index to another are the row; a negative length if there is no such row
     * @return its place
     */
    int append(int family, byte[] name, int nameFrom, int nameBytes, byte[] value, int valueFrom, int valueBytes) {
        int at = end;
        INT.set(bytes, at, nameBytes << FAMILY_BITS | family);
        INT.set(bytes, at + Integer.BYTES, (valueBytes + 1) << 1);
        System.arraycopy(name, nameFrom, bytes, at + HEAD_BYTES, nameBytes);
        if (valueBytes > 0) {
            System.arraycopy(value, valueFrom, bytes, at + HEAD_BYTES + nameBytes, valueBytes);
        }
        end = at + recordBytes(nameBytes, valueBytes);
        return at;
    }

    boolean is(int at, int family, byte[] name) {
        // The bound matters only to a reader of a page that has begun again: what it takes for a length is anything.
        return (int) INT.get(bytes, at) == (name.length << FAMILY_BITS | family)
                && name.length <= BYTES - HEAD_BYTES - at
                && Arrays.equals(bytes, at + HEAD_BYTES, at + HEAD_BYTES + name.length, name, 0, name.length);
    }

    /** Loads a part of what reading or replacing a record will look at; the result means nothing. */
    long fetch(int at) {
        return (long) bytes[at] + bytes[Math.min(at + LINE_BYTES, BYTES - 1)];
    }

    int family(int at) {
        return (int) INT.get(bytes, at) & FAMILIES - 1;
    }

    int nameFrom(int at) {
        return at + HEAD_BYTES;
    }

    int nameBytes(int at) {
        return (int) INT.get(bytes, at) >>> FAMILY_BITS;
    }

    /** Compares the names of two records as unsigned bytes. */
    int compareName(int at, RowPage other, int otherAt) {
        int from = nameFrom(at);
        int otherFrom = other.nameFrom(otherAt);
        return Arrays.compareUnsigned(
                bytes, from, from + nameBytes(at), other.bytes, otherFrom, otherFrom + other.nameBytes(otherAt));
    }

    int valueFrom(int at) {
        return at + HEAD_BYTES + nameBytes(at);
    }

    /** The length of the value; -1 if there is no such row. */
    int valueBytes(int at) {
        return ((int) INT.get(bytes, at + Integer.BYTES) >>> 1) - 1;
    }

    /** The place of the next record. */
    int next(int at) {
        return at + recordBytes(at);
    }

    void markUsed(int at) {
        if (!isUsed(at)) {
            used[useWord(at)] |= useBit(at);
        }
    }

    boolean isUsed(int at) {
        return (used[useWord(at)] & useBit(at)) != 0;
    }

    private static int useWord(int at) {
        return at / (USE_BYTES * Long.SIZE);
    }

    private static long useBit(int at) {
        return 1L << (at / USE_BYTES);
    }

    int recordBytes(int at) {
        return recordBytes(nameBytes(at), valueBytes(at));
    }

    /** Records that the index does not lead to the record any more. */
    void markReplaced(int at) {
        INT.set(bytes, at + Integer.BYTES, (int) INT.get(bytes, at + Integer.BYTES) | REPLACED);
    }

    boolean isReplaced(int at) {
        return ((int) INT.get(bytes, at + Integer.BYTES) & REPLACED) != 0;
    }
}
