package dev.hence.engine.log;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random deliveries at one of three replicas that write at the same time. */
public final class Deliveries {

    public static final int KEYS = 8;

    private static final long NOW = 1_750_000_000_000L;
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(100_000, 1L << 30), 1L << 26);

    /** A replica in memory. */
    private static final class Writer {
        private final MemoryState memory;
        private final Replica replica;

        Writer(Replica.Recovered recovered, MemoryState memory) {
            this.memory = memory;
            replica = new Replica(recovered, memory, LIMITS);
        }

        /** What it did since the last call. */
        List<Update> take() {
            CommitBatch changes = replica.takeChanges();
            if (changes == null) {
                return List.of();
            }
            memory.store(changes.keys());
            return changes.delivered();
        }

        void receive(List<Update> updates) {
            updates.forEach(update -> replica.receive(update, NOW));
        }
    }

    private final SplittableRandom random;
    private final Writer self;
    private final List<Writer> others;

    /** @param self the replica that delivers, which has no updates yet */
    public Deliveries(SplittableRandom random, Replica.Recovered self) {
        this(random, self, new MemoryState(), 0);
    }

    /**
     * @param self the replica that delivers, and its peers at the same clock
     * @param state what it holds
     * @param life of the peers, which are others in each
     */
    public Deliveries(SplittableRandom random, Replica.Recovered self, MemoryState state, int life) {
        this.random = random;
        this.self = new Writer(self, state.copy());
        this.others = IntStream.of(2, 3)
                .mapToObj(number -> new ReplicaId("node" + number, number + 10L * life))
                .map(other -> new Writer(new Replica.Recovered(other, self.clock(), self.timestamp()), state.copy()))
                .toList();
    }

    /**
     * The next commit of the replica, of at least one update.
     *
     * @param stepsMax about how many updates at most
     */
    public CommitBatch next(int stepsMax) {
        for (int left = random.nextInt(stepsMax); left > 0; left--) {
            step();
        }
        // Other changes may be none: a removal of what is not there.
        write(self, transaction -> transaction.set(key(random.nextInt(KEYS)), bytes(5)));
        CommitBatch changes = Objects.requireNonNull(self.replica.takeChanges());
        self.memory.store(changes.keys());
        for (Writer other : others) {
            if (random.nextBoolean()) {
                other.receive(changes.delivered().stream()
                        .filter(update -> update.dot().replica().equals(changes.self()))
                        .toList());
                other.take();
            }
        }
        return changes;
    }

    private void step() {
        if (random.nextInt(3) > 0) {
            write(self, this::change);
            return;
        }
        int which = random.nextInt(2);
        Writer other = others.get(which);
        write(other, this::change);
        List<Update> made = other.take();
        self.receive(made);
        others.get(1 - which).receive(made);
        others.get(1 - which).take();
    }

    private static void write(Writer writer, Consumer<Transaction> change) {
        writer.replica.write(NOW, transaction -> {
            change.accept(transaction);
            return "";
        });
    }

    private void change(Transaction transaction) {
        Bytes key = key(random.nextInt(KEYS));
        Bytes element = Bytes.utf8("e" + random.nextInt(5));
        switch (random.nextInt(8)) {
            case 0 -> transaction.assign(key, DataType.SORTED_SET, element, Bytes.utf8(random.nextInt(9) + ""));
            case 1 -> transaction.increment(key, DataType.HASH, element, BigDecimal.ONE);
            case 2 -> transaction.assign(key, DataType.SET, element, Bytes.EMPTY);
            case 3 -> transaction.delete(key);
            case 4 -> transaction.set(key, bytes(random.nextInt(20) == 0 ? 3_000 : 300), NOW + 1_000_000);
            default -> transaction.set(key, bytes(random.nextInt(12)));
        }
    }

    private Bytes bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** One of the keys that are written. */
    public static Bytes key(int number) {
        return Bytes.utf8("key" + number);
    }

    /** The keys that are written. */
    public static Stream<Bytes> keys() {
        return IntStream.range(0, KEYS).mapToObj(Deliveries::key);
    }

    /** The state that updates lead to, computed without a log. */
    public static MemoryState replay(ReplicaId self, List<Update> updates) {
        Writer writer = new Writer(Replica.Recovered.fresh(self), new MemoryState());
        updates.forEach(update -> {
            writer.replica.replay(Frame.of(update));
            writer.take();
        });
        return writer.memory;
    }
}
