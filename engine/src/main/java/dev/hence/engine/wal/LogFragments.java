package dev.hence.engine.wal;

import dev.hence.engine.codec.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The fragments of one log file. The format is RocksDB's ({@code db/log_format.h}): blocks of 32 KiB, each with
 * fragments that do not cross its end. A fragment is a header of seven bytes - masked CRC-32C of type and payload,
 * length of the payload, type - and the payload, all little-endian. The end of a block is padding if it is too short
 * for a header. A record is one fragment, or a first one, middle ones and a last one. (The longer headers of recycled
 * logs and compressed records are options of RocksDB that are not used here.)
 *
 * <p>Not thread-safe.
 */
final class LogFragments {

    static final int BLOCK_BYTES = 32 << 10;
    static final int HEADER_BYTES = 7;

    static final int FULL = 1;
    static final int FIRST = 2;
    static final int MIDDLE = 3;
    static final int LAST = 4;

    private static final int CRC_MASK_DELTA = 0xa282ead8;

    private final FileChannel file;
    private final long size;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer numbers = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    private long blockStart = -1;
    private int blockLength;

    LogFragments(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    long size() {
        return size;
    }

    /** Returns where the next fragment begins if there is one: past the padding, if an offset is in it. */
    static long pastPadding(long offset) {
        long left = BLOCK_BYTES - offset % BLOCK_BYTES;
        return left < HEADER_BYTES ? offset + left : offset;
    }

    /** Returns the type of the fragment at an offset; 0 if there is no whole and intact one. */
    int typeAt(long offset) throws IOException {
        int at = load(offset);
        if (at + HEADER_BYTES > blockLength) {
            return 0;
        }
        int length = payloadLength(at);
        int type = block[at + 6] & 0xff;
        if (type == 0 || at + HEADER_BYTES + length > blockLength) {
            return 0;
        }
        return masked(Crc32c.of(block, at + 6, 1 + length)) == numbers.getInt(at) ? type : 0;
    }

    /** Returns the type that a fragment at an offset would have, without checking that there is one. */
    int claimedTypeAt(long offset) throws IOException {
        int at = load(offset);
        return at + HEADER_BYTES > blockLength ? 0 : block[at + 6] & 0xff;
    }

    /** Whether the file ends before the fragment that seems to begin at an offset does. */
    boolean endsWithin(long offset) throws IOException {
        int at = load(offset);
        boolean lastBlock = blockStart + blockLength == size;
        return lastBlock && (at + HEADER_BYTES > blockLength || at + HEADER_BYTES + payloadLength(at) > blockLength);
    }

    /** Returns where an intact fragment ends. */
    long endOf(long offset) throws IOException {
        return offset + HEADER_BYTES + payloadLength(load(offset));
    }

    /** Copies the beginning of an intact fragment's payload, as much as fits; returns the number of bytes copied. */
    int payload(long offset, byte[] into, int from) throws IOException {
        int at = load(offset);
        int count = Math.min(payloadLength(at), into.length - from);
        System.arraycopy(block, at + HEADER_BYTES, into, from, count);
        return count;
    }

    private int payloadLength(int at) {
        return numbers.getShort(at + 4) & 0xffff;
    }

    private static int masked(int crc) {
        return Integer.rotateRight(crc, 15) + CRC_MASK_DELTA;
    }

    /** Loads the block of an offset into memory; returns the offset's index in it. */
    private int load(long offset) throws IOException {
        long start = offset - offset % BLOCK_BYTES;
        if (start != blockStart) {
            ByteBuffer into = ByteBuffer.wrap(block);
            while (into.hasRemaining() && file.read(into, start + into.position()) > 0) {
                // A read may return fewer bytes than available.
            }
            blockStart = start;
            blockLength = into.position();
        }
        return (int) (offset - start);
    }
}
