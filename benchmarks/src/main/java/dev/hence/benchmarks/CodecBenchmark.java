package dev.hence.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.ReplicaNumbers;
import dev.hence.engine.codec.UpdateCodec;
import dev.hence.engine.wire.UpdateRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding and decoding of an update that sets one 64-byte value, with its whole context. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CodecBenchmark {

    /** How many replicas the context names. */
    @Param({"3", "16", "64"})
    public int replicas;

    private final ReplicaNumbers numbers = new ReplicaNumbers();
    private Update update = update(VersionVector.EMPTY);
    private byte[] encoded = {};

    /** Makes the update. */
    @Setup
    public void make() {
        VersionVector context = VersionVector.EMPTY;
        for (int replica = 1; replica <= replicas; replica++) {
            context = context.with(new ReplicaId("node" + replica, replica), 1_000_000L + replica);
        }
        update = update(context);
        encoded = encode();
    }

    private static Update update(VersionVector context) {
        return Update.of(
                context.next(new ReplicaId("node1", 1)),
                context,
                1,
                List.of(new Operation.SetString(Bytes.utf8("key:123456"), Bytes.utf8("x".repeat(64)))));
    }

    /** To bytes. */
    @Benchmark
    public final byte[] encode() {
        return UpdateCodec.record(update, null, numbers, (number, replica) -> {})
                .toByteArray();
    }

    /** From bytes. */
    @Benchmark
    public Update decode() throws InvalidProtocolBufferException {
        return UpdateCodec.update(UpdateRecord.parseFrom(encoded), null, numbers);
    }
}
