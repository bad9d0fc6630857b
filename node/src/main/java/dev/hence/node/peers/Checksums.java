package dev.hence.node.peers;

import dev.hence.core.crdt.Bytes;
import java.util.zip.CRC32C;

/** Checksums of what is sent to peers. */
final class Checksums {

    private Checksums() {}

    static int crc32c(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.length());
        return (int) crc.getValue();
    }
}
