package dev.hence.engine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replica.Identity;
import dev.hence.engine.codec.ClockCodec;
import dev.hence.engine.codec.Crc32c;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.engine.disk.DurableFiles;
import dev.hence.engine.wire.DotRecord;
import dev.hence.engine.wire.IdentityRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a data directory's writer, in the file {@code IDENTITY}: the CRC-32C of a record (4 bytes), and the
 * record. It is replaced atomically, and is on the disk before an update is made under it.
 *
 * <p>Confined to one thread at a time.
 */
final class IdentityFile {

    private final Path file;
    private final DurableFiles files;
    private @Nullable StoredIdentity identity;

    IdentityFile(Path directory, DurableFiles files) {
        this.file = directory.resolve("IDENTITY");
        this.files = files;
    }

    /**
     * The identity that an earlier run stored; null if there is none.
     *
     * @throws StorageException if the file is damaged
     */
    @Nullable
    StoredIdentity read() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        try {
            if (bytes.length < Integer.BYTES
                    || ByteBuffer.wrap(bytes).getInt()
                            != Crc32c.of(bytes, Integer.BYTES, bytes.length - Integer.BYTES)) {
                throw new MalformedRecordException("wrong checksum");
            }
            identity = decode(IdentityRecord.parseFrom(ByteBuffer.wrap(bytes).position(Integer.BYTES)));
            return identity;
        } catch (InvalidProtocolBufferException | MalformedRecordException | IllegalArgumentException damaged) {
            throw new StorageException(
                    "data directory: " + file + " is damaged: " + damaged.getMessage() + "; "
                            + LossAdvice.damaged(file.resolveSibling("")),
                    damaged);
        }
    }

    /** The identity in the file. */
    StoredIdentity identity() {
        if (identity == null) {
            throw new StorageException("identity: none (expected: stored before anything else)");
        }
        return identity;
    }

    /** Replaces the identity. */
    void write(StoredIdentity changed) throws IOException {
        byte[] record = encode(changed).toByteArray();
        byte[] bytes = new byte[Integer.BYTES + record.length];
        System.arraycopy(record, 0, bytes, Integer.BYTES, record.length);
        ByteBuffer.wrap(bytes).putInt(Crc32c.of(bytes, Integer.BYTES, bytes.length - Integer.BYTES));
        files.replace(file, bytes);
        identity = changed;
    }

    private static IdentityRecord encode(StoredIdentity identity) {
        IdentityRecord.Builder record = IdentityRecord.newBuilder();
        for (ReplicaId earlier : identity.identity().earlier()) {
            record.addEarlier(ClockCodec.record(earlier));
        }
        Dot forked = identity.identity().forked();
        if (forked != null) {
            record.setForked(DotRecord.newBuilder()
                    .setReplica(ClockCodec.record(forked.replica()))
                    .setCounter(forked.counter()));
        }
        return record.setSelf(ClockCodec.record(identity.self()))
                .setCluster(identity.cluster())
                .setMarkerBirth(identity.markerBirth())
                .setBootId(identity.bootId())
                .setFsync(identity.fsync().name())
                .setClean(identity.clean())
                .setFormat(DirectoryFormat.CURRENT)
                .build();
    }

    /** Also decodes what databases of earlier formats hold. */
    static StoredIdentity decode(IdentityRecord record) {
        Set<ReplicaId> earlier = new HashSet<>();
        record.getEarlierList().forEach(replica -> earlier.add(ClockCodec.replica(replica)));
        Dot forked = record.hasForked()
                ? new Dot(
                        ClockCodec.replica(record.getForked().getReplica()),
                        record.getForked().getCounter())
                : null;
        return new StoredIdentity(
                new Identity(ClockCodec.replica(record.getSelf()), earlier, forked),
                record.getCluster(),
                record.getMarkerBirth(),
                record.getBootId(),
                FsyncPolicy.valueOf(record.getFsync()),
                record.getClean());
    }
}
