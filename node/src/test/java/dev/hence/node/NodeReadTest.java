package dev.hence.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.KeyHead;
import dev.hence.node.store.Store;
import dev.hence.node.store.Store.Committed;
import dev.hence.node.store.Store.Reading;
import dev.hence.node.testing.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Reads of a node while others write to it. */
final class NodeReadTest extends HookedNodeTest {

    @Test
    void read_betweenVisibilityAndPublication_waitsForTheClockThatCoversIt() throws Exception {
        Gate gate = new Gate();
        storage.onceVisible = gate;
        Doing<Committed<String>> writer = Doing.start(() -> set(X, ONE));
        gate.awaitArrival();
        assertThat(storage.head(X).isEmpty()).isFalse();
        Doing<Reading<KeyHead>> reader = Doing.start(() -> node.read(X)).untilStuck();
        Doing<Reading<Store.Page>> scanner =
                Doing.start(() -> node.scan(Bytes.EMPTY, null, 10, 1_000)).untilStuck();
        gate.open();
        assertThat(reader.result().value().isEmpty()).isFalse();
        assertThat(reader.result().clock().contains(dot(writer.result()))).isTrue();
        assertThat(scanner.result().clock().contains(dot(writer.result()))).isTrue();
    }

    @Test
    void read_ofAnAbsenceThatIsNotYetPublished_waitsForTheClockThatCoversTheDelete() throws Exception {
        set(X, ONE);
        Gate gate = new Gate();
        storage.onceVisible = gate;
        Doing<Committed<Boolean>> writer = Doing.start(() -> delete(X));
        gate.awaitArrival();
        Doing<Reading<KeyHead>> reader = Doing.start(() -> node.read(X)).untilStuck();
        gate.open();
        assertThat(reader.result().value().isEmpty()).isTrue();
        assertThat(reader.result().clock().contains(dot(writer.result()))).isTrue();
    }

    @Test
    void read_whileManyWrite_comesWithAClockThatCoversWhatItShows() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Doing<Integer>> readers = new ArrayList<>();
        List<Doing<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            readers.add(Doing.start(() -> readPairs(number, over)));
            writers.add(Doing.start(() -> writePairs(number)));
        }
        for (Doing<Integer> writer : writers) {
            writer.result();
        }
        over.set(true);
        for (Doing<Integer> reader : readers) {
            assertThat(reader.result()).isPositive();
        }
    }

    /** Alternately sets and deletes one key, always together with a witness key that records which it was. */
    private int writePairs(int number) throws InterruptedException {
        for (int turn = 1; turn <= 60; turn++) {
            boolean set = turn % 2 == 1;
            Bytes value = Bytes.utf8(set ? "set" : "deleted");
            Committed<String> written = node.write(transaction -> {
                transaction.set(Bytes.utf8(number + "/witness"), value);
                if (set) {
                    transaction.set(Bytes.utf8(number + "/key"), value);
                } else {
                    transaction.delete(Bytes.utf8(number + "/key"));
                }
                return "done";
            });
            assertThat(written.clock().contains(dot(written))).isTrue();
        }
        return number;
    }

    private int readPairs(int number, AtomicBoolean over) {
        int reads = 0;
        while (!over.get()) {
            Reading<KeyHead> one = node.read(Bytes.utf8(number + "/key"));
            one.value()
                    .string()
                    .register()
                    .entries()
                    .forEach(entry ->
                            assertThat(one.clock().contains(entry.dot())).isTrue());
            Reading<Store.Page> both = node.scan(Bytes.utf8(number + "/"), null, 10, 1_000);
            both.value()
                    .entries()
                    .forEach(entry -> assertThat(both.clock()
                                    .contains(entry.head()
                                            .string()
                                            .register()
                                            .entries()
                                            .getFirst()
                                            .dot()))
                            .isTrue());
            assertThat(keysOf(both)).isIn("", "key set witness set ", "witness deleted ");
            reads++;
            LockSupport.parkNanos(1); // virtual threads that never block would starve all others
        }
        return reads;
    }

    private static String keysOf(Reading<Store.Page> page) {
        StringBuilder text = new StringBuilder();
        page.value()
                .entries()
                .forEach(entry -> text.append(entry.key()
                                .toString()
                                .substring(entry.key().toString().indexOf('/') + 1))
                        .append(' ')
                        .append(entry.head()
                                .string()
                                .register()
                                .entries()
                                .getFirst()
                                .value())
                        .append(' '));
        return text.toString();
    }
}
