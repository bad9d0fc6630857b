package dev.hence.engine.storage;

import java.nio.ByteBuffer;

/** The keys of log and index rows: big-endian numbers, so that rows are in numeric order. */
final class LogKeys {

    private LogKeys() {}

    static byte[] sequence(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    }

    static long sequence(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static byte[] index(int replicaNumber, long counter) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(replicaNumber)
                .putLong(counter)
                .array();
    }

    /** The number in an index row's key. */
    static int replicaNumber(byte[] key) {
        return ByteBuffer.wrap(key).getInt();
    }
}
