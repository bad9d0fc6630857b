package dev.hence.engine.codec;

import java.util.zip.CRC32C;

/** The checksum of bytes on disk and on the wire. */
public final class Crc32c {

    private Crc32c() {}

    /** Returns the CRC-32C of some bytes of an array. */
    public static int of(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
