package dev.hence.engine.codec;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.wire.ClockRecord;
import dev.hence.engine.wire.ReplicaRecord;
import java.util.HashMap;
import java.util.Map;

/** Version vectors and replicas as records. */
public final class ClockCodec {

    private ClockCodec() {}

    /** Returns the record of a clock, by replica numbers. */
    public static ClockRecord record(VersionVector clock, ReplicaNumbers numbers, ReplicaNumbers.Listener listener) {
        ClockRecord.Builder record = ClockRecord.newBuilder();
        clock.forEach((replica, counter) ->
                record.addReplica(numbers.number(replica, listener)).addCounter(counter));
        return record.build();
    }

    /** Returns the clock of a record. */
    public static VersionVector clock(ClockRecord record, ReplicaNumbers numbers) {
        requirePaired(record);
        Map<ReplicaId, Long> counters = new HashMap<>();
        for (int i = 0; i < record.getReplicaCount(); i++) {
            counters.put(numbers.replica(record.getReplica(i)), requirePositive(record.getCounter(i)));
        }
        return VersionVector.of(counters);
    }

    /** Returns a clock with some counters raised by a record. */
    static VersionVector raised(VersionVector base, ClockRecord record, ReplicaNumbers numbers) {
        requirePaired(record);
        VersionVector clock = base;
        for (int i = 0; i < record.getReplicaCount(); i++) {
            clock = clock.with(numbers.replica(record.getReplica(i)), requirePositive(record.getCounter(i)));
        }
        return clock;
    }

    /** Returns the record of a replica. */
    public static ReplicaRecord record(ReplicaId replica) {
        return ReplicaRecord.newBuilder()
                .setName(replica.name())
                .setIncarnation(replica.incarnation())
                .build();
    }

    /** Returns the replica of a record. */
    public static ReplicaId replica(ReplicaRecord record) {
        try {
            return new ReplicaId(record.getName(), record.getIncarnation());
        } catch (IllegalArgumentException malformed) {
            throw new MalformedRecordException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private static void requirePaired(ClockRecord record) {
        if (record.getReplicaCount() != record.getCounterCount()) {
            throw new MalformedRecordException("clock: " + record.getReplicaCount() + " replicas, "
                    + record.getCounterCount() + " counters (expected: as many)");
        }
    }

    private static long requirePositive(long counter) {
        if (counter < 1) {
            throw new MalformedRecordException("counter: " + counter + " (expected: at least 1)");
        }
        return counter;
    }
}
