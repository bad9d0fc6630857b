package dev.hence.engine.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The content of one log file: whole records from its beginning, possibly followed by bytes that are not a whole
 * record.
 *
 * <p>A record is a write batch. It begins with the sequence number of its first change and the number of its changes,
 * so the sequence number of the next record is known.
 *
 * @param path the file
 * @param size its length
 * @param first the number of its first record; {@link #NONE} if it has none
 * @param next the number of the record after the last whole one; without any record, the one expected after the files
 *     before it
 * @param wholeUntil where the whole records end: the size, if nothing follows
 * @param endsWithin whether the file ends in the middle of what follows the whole records, as after a crash of its
 *     writer during a write
 * @param later the first record that begins after bytes that are not a record; null if there is none
 */
record LogFile(
        Path path,
        long size,
        long first,
        long next,
        long wholeUntil,
        boolean endsWithin,
        @Nullable Start later) {

    /** No sequence number. */
    static final long NONE = -1;

    /** Sequence number (8 bytes) and count (4 bytes). */
    private static final int BATCH_HEADER_BYTES = 12;

    /** The maximum sequence number: RocksDB uses the upper byte. */
    private static final long SEQUENCE_MAX = (1L << 56) - 1;

    /** The offset of a record, and its sequence number. */
    record Start(long offset, long sequence) {}

    boolean isWhole() {
        return wholeUntil == size;
    }

    /**
     * Reads a file.
     *
     * @param expected the number expected after the files before this one; {@link #NONE} if unknown
     */
    static LogFile read(Path path, long expected) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new Reader(path, new LogFragments(channel), expected).read();
        }
    }

    private static final class Reader {
        private final Path path;
        private final LogFragments fragments;
        private final byte[] header = new byte[BATCH_HEADER_BYTES];

        /** The number of header bytes present in the record that was walked last. */
        private int headerBytes;

        /** Where the record that was walked last ends prematurely. */
        private long bad;

        private long first = NONE;
        private long next;

        Reader(Path path, LogFragments fragments, long expected) {
            this.path = path;
            this.fragments = fragments;
            this.next = expected;
        }

        LogFile read() throws IOException {
            long whole = 0;
            long start = 0;
            while (start < fragments.size()) {
                long end = walk(start);
                if (end == NONE || headerBytes < BATCH_HEADER_BYTES) {
                    return broken(whole);
                }
                first = first == NONE ? sequence() : first;
                next = sequence() + count();
                whole = end;
                start = LogFragments.pastPadding(end);
            }
            return new LogFile(path, fragments.size(), first, next, fragments.size(), false, null);
        }

        /** Walks the fragments of a record; returns its end, or {@link #NONE} if it is not whole. */
        private long walk(long start) throws IOException {
            headerBytes = 0;
            long at = start;
            while (true) {
                bad = at;
                int type = at < fragments.size() ? fragments.typeAt(at) : 0;
                if (type == 0 || isFirst(type) != (at == start)) {
                    return NONE;
                }
                headerBytes += fragments.payload(at, header, headerBytes);
                long end = fragments.endOf(at);
                if (type == LogFragments.FULL || type == LogFragments.LAST) {
                    return end;
                }
                at = LogFragments.pastPadding(end);
            }
        }

        private LogFile broken(long whole) throws IOException {
            long brokenAt = bad;
            boolean endsWithin = brokenAt >= fragments.size() || fragments.endsWithin(brokenAt);
            return new LogFile(path, fragments.size(), first, next, whole, endsWithin, later(whole, brokenAt));
        }

        /**
         * Searches for the beginning of a record at every offset from a bad place on, because nothing indicates where
         * the next one is. Its checksum must match and its number must be plausible: at least the expected one, and
         * above it by at most the number of bytes between, because a change takes at least one byte. So a value that
         * looks like a log is not mistaken for one.
         */
        private @Nullable Start later(long whole, long from) throws IOException {
            for (long at = from; at + LogFragments.HEADER_BYTES <= fragments.size(); at++) {
                if (isFirst(fragments.claimedTypeAt(at)) && isFirst(fragments.typeAt(at))) {
                    walk(at);
                    if (headerBytes == BATCH_HEADER_BYTES && canFollow(at - whole)) {
                        return new Start(at, sequence());
                    }
                }
            }
            return null;
        }

        private boolean canFollow(long bytesBetween) {
            return next == NONE
                    ? sequence() > 0 && sequence() <= SEQUENCE_MAX
                    : sequence() >= next && sequence() - next <= bytesBetween;
        }

        private long sequence() {
            return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        }

        private long count() {
            return Integer.toUnsignedLong(
                    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(Long.BYTES));
        }

        private static boolean isFirst(int type) {
            return type == LogFragments.FULL || type == LogFragments.FIRST;
        }
    }
}
