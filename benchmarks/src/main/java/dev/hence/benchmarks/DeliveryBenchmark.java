package dev.hence.benchmarks;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Delivery of one window of updates from each of three origins that wrote in turn, each having seen all before. They
 * arrive so that nothing is deliverable until the last one has arrived. The time is that of all updates of the window;
 * if it grows faster than the window, delivery is not linear.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class DeliveryBenchmark {

    private static final List<ReplicaId> ORIGINS =
            List.of(new ReplicaId("node1", 1), new ReplicaId("node2", 2), new ReplicaId("node3", 3));
    private static final List<Operation> OPERATIONS =
            List.of(new Operation.SetString(Bytes.utf8("key"), Bytes.utf8("value")));

    /** An order of arrival. */
    public enum Order {
        /** The last update first. */
        REVERSED,
        /** All updates of the last origin in their order, then those of the one before it. */
        ORIGIN_BY_ORIGIN
    }

    /** In which order the updates arrive. */
    @Param
    public Order order = Order.REVERSED;

    /** How many updates of each origin arrive. */
    @Param({"10000", "100000", "400000"})
    public int window;

    private List<Update> arrivals = List.of();

    /** Makes new updates, so that contexts share no arrays, as when they have come over a network. */
    @Setup(Level.Invocation)
    public void arrange() {
        List<Update> chain = new ArrayList<>();
        for (int at = 0; at < window * ORIGINS.size(); at++) {
            chain.add(update(at));
        }
        arrivals = switch (order) {
            case REVERSED -> chain.reversed();
            case ORIGIN_BY_ORIGIN -> originByOrigin(chain);
        };
    }

    private static List<Update> originByOrigin(List<Update> chain) {
        List<Update> arrivals = new ArrayList<>(chain.size());
        for (int origin = ORIGINS.size() - 1; origin >= 0; origin--) {
            for (int at = origin; at < chain.size(); at += ORIGINS.size()) {
                arrivals.add(chain.get(at));
            }
        }
        return arrivals;
    }

    private static Update update(int at) {
        VersionVector context = VersionVector.EMPTY;
        for (int origin = 0; origin < ORIGINS.size(); origin++) {
            context = context.with(ORIGINS.get(origin), (at + ORIGINS.size() - 1 - origin) / ORIGINS.size());
        }
        return Update.of(context.next(ORIGINS.get(at % ORIGINS.size())), context, at + 1, OPERATIONS);
    }

    /** Receives all, delivers what becomes deliverable. */
    @Benchmark
    public DeliveryBuffer deliver() {
        DeliveryBuffer buffer =
                new DeliveryBuffer(VersionVector.EMPTY, new DeliveryBuffer.Limits(window, Long.MAX_VALUE));
        int delivered = 0;
        for (Update update : arrivals) {
            buffer.receive(update, 0);
            while (buffer.deliverNext() != null) {
                delivered++;
            }
        }
        if (delivered != arrivals.size()) {
            throw new IllegalStateException("delivered: " + delivered + " (expected: " + arrivals.size() + ")");
        }
        return buffer;
    }
}
