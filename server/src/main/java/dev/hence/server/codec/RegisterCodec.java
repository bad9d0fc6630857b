package dev.hence.server.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.Dot;
import dev.hence.core.datatype.Register;
import dev.hence.server.wire.RegisterEntryRecord;
import dev.hence.server.wire.RegisterRecord;
import java.util.ArrayList;
import java.util.List;

/** Registers as rows. */
public final class RegisterCodec {

    private RegisterCodec() {}

    /** The bytes of a register that holds something. */
    public static byte[] encode(Register register, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        RegisterRecord.Builder record = RegisterRecord.newBuilder();
        for (Register.Entry entry : register.entries()) {
            record.addEntries(RegisterEntryRecord.newBuilder()
                    .setReplica(numbers.number(entry.dot().replica(), listener))
                    .setCounter(entry.dot().counter())
                    .setTimestamp(entry.timestamp())
                    .setValue(UpdateCodec.byteString(entry.value())));
        }
        return record.build().toByteArray();
    }

    /** @throws MalformedRecordException if the bytes are no register */
    public static Register decode(byte[] row, ReplicaNumbers numbers) {
        try {
            List<Register.Entry> entries = new ArrayList<>();
            for (RegisterEntryRecord entry : RegisterRecord.parseFrom(row).getEntriesList()) {
                entries.add(new Register.Entry(
                        new Dot(numbers.replica(entry.getReplica()), entry.getCounter()),
                        entry.getTimestamp(),
                        UpdateCodec.bytes(entry.getValue())));
            }
            return new Register(entries);
        } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
            throw new MalformedRecordException("register: " + malformed.getMessage(), malformed);
        }
    }
}
