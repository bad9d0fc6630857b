package dev.hence.core.update;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.datatype.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of an update's canonical form, the same at every replica whatever the encoding on its
 * disk or wire.
 *
 * <p>Canonical form, integers big-endian: replica (length of the name as one byte, its ASCII bytes, the
 * incarnation as 8 bytes), counter (8), timestamp (8), number of context entries (4), each entry as
 * replica and counter in the order of replicas, number of operations (4), each operation as one byte of
 * kind (1 set string, 2 delete key), length of the key (4), key, and for a set length of the value (4),
 * value.
 */
final class UpdateChecksum {

    private static final int REPLICA_BYTES_MAX = 1 + ReplicaId.NAME_LENGTH_MAX + Long.BYTES;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer scratch = ByteBuffer.allocate(REPLICA_BYTES_MAX + Long.BYTES);

    private UpdateChecksum() {}

    static int of(Dot dot, VersionVector context, long timestamp, List<Operation> operations) {
        UpdateChecksum checksum = new UpdateChecksum();
        checksum.entry(dot.replica(), dot.counter());
        checksum.number(timestamp);
        checksum.number(context.size());
        context.forEach(checksum::entry);
        checksum.number(operations.size());
        for (Operation operation : operations) {
            checksum.operation(operation);
        }
        return (int) checksum.crc.getValue();
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.SetString set -> {
                crc.update(1);
                bytes(set.key());
                bytes(set.value());
            }
            case Operation.DeleteKey delete -> {
                crc.update(2);
                bytes(delete.key());
            }
        }
    }

    private void entry(ReplicaId replica, long counter) {
        String name = replica.name();
        scratch.put((byte) name.length());
        for (int i = 0; i < name.length(); i++) {
            scratch.put((byte) name.charAt(i));
        }
        scratch.putLong(replica.incarnation()).putLong(counter);
        flushScratch();
    }

    private void bytes(Bytes bytes) {
        number(bytes.length());
        crc.update(bytes.array(), 0, bytes.length());
    }

    private void number(long number) {
        scratch.putLong(number);
        flushScratch();
    }

    private void number(int number) {
        scratch.putInt(number);
        flushScratch();
    }

    private void flushScratch() {
        crc.update(scratch.flip());
        scratch.clear();
    }
}
