package dev.hence.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.history.BadPattern.Kind;
import dev.hence.simulator.history.CausalStore.Mix;
import dev.hence.simulator.history.Transaction.Access;
import dev.hence.simulator.history.Transaction.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CausalConvergencePropertyTest {

    @Test
    void check_tinyHistories_decidesAsTheDefinitionDoes() {
        Random random = new Random(3);
        int holds = 0;
        int broken = 0;
        for (int round = 0; round < 6_000; round++) {
            List<Transaction> history = random(random, 2 + random.nextInt(5), 2);
            boolean expected = Definition.isCausallyConvergent(history);
            assertThat(HistoryChecker.check(history) instanceof Verdict.Holds)
                    .as("%s", history)
                    .isEqualTo(expected);
            holds += expected ? 1 : 0;
            broken += expected ? 0 : 1;
        }
        assertThat(holds).isGreaterThan(1_000);
        assertThat(broken).isGreaterThan(1_000);
    }

    @Test
    void check_smallHistories_findsTheSameAsWithMatrices() {
        Random random = new Random(4);
        Map<String, Integer> found = new HashMap<>();
        for (int round = 0; round < 6_000; round++) {
            List<Transaction> history = round % 2 == 0
                    ? random(random, 4 + random.nextInt(25), 4)
                    : disturbed(random, CausalStore.history(round, mix(random), 10 + random.nextInt(40)));
            Kind expected = PlainPatterns.find(history);
            assertThat(kind(HistoryChecker.check(history))).as("%s", history).isEqualTo(expected);
            found.merge(String.valueOf(expected), 1, Integer::sum);
        }
        assertThat(found).containsKeys("null", "ThinAirRead", "CyclicCO", "WriteCOInitRead", "CyclicCF");
        assertThat(found.get("CyclicCF")).isGreaterThan(300);
        assertThat(found.get("null")).isGreaterThan(300);
    }

    @Test
    void check_historiesOfACausalStore_hold() {
        Random random = new Random(5);
        for (int seed = 0; seed < 300; seed++) {
            List<Transaction> history = CausalStore.history(seed, mix(random), 400);
            assertThat(HistoryChecker.check(history)).as("seed %d", seed).isInstanceOf(Verdict.Holds.class);
        }
    }

    @Test
    void check_sessionThatGoesBackInTime_isBroken() {
        int tried = 0;
        for (int seed = 0; seed < 300; seed++) {
            List<Transaction> history =
                    new ArrayList<>(CausalStore.history(seed, new Mix(3, 3, 4, 0.3, 0.1, 0.7, 2), 200));
            Transaction stale = staleRead(history);
            if (stale != null) {
                tried++;
                history.add(stale);
                assertThat(HistoryChecker.check(history)).as("seed %d", seed).isInstanceOf(Verdict.Broken.class);
            }
        }
        assertThat(tried).isGreaterThan(200);
    }

    /** This takes a tenth of a second; a quadratic algorithm takes minutes. */
    @Test
    @Timeout(30)
    void check_hundredThousandOperations_takesSeconds() {
        for (Mix mix : List.of(
                new Mix(5, 1000, 64, 0, 0.02, 0.5, 1),
                new Mix(5, 100, 16, 0.3, 0.02, 0.5, 1),
                new Mix(5, 10, 8, 0.95, 0.02, 0.9, 1))) {
            List<Transaction> history = CausalStore.history(6, mix, 100_000);
            assertThat(HistoryChecker.check(history)).isEqualTo(new Verdict.Holds(100_000));
        }
    }

    @Test
    @Timeout(30)
    void check_longHistoryWithAMistake_isExplainedShortly() {
        List<Transaction> history =
                new ArrayList<>(CausalStore.history(7, new Mix(5, 100, 16, 0.3, 0.02, 0.5, 1), 50_000));
        Transaction stale = staleRead(history);
        assertThat(stale).isNotNull();
        history.add(stale);
        assertThat(HistoryChecker.check(history))
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        verdict -> assertThat(verdict.pattern().explanation().lines())
                                .hasSizeLessThan(200));
    }

    /** A read that sees the first value again in a session that saw the key change. */
    private static @Nullable Transaction staleRead(List<Transaction> history) {
        Map<String, Access> first = new HashMap<>();
        for (Transaction transaction : history) {
            for (Access read : transaction.reads()) {
                Access earlier = first.putIfAbsent(transaction.session() + read.key(), read);
                if (earlier != null && !Objects.equals(earlier.value(), read.value())) {
                    return new Transaction(
                            transaction.session(), Status.OK, "node1", 0, 1L, List.of(earlier), List.of());
                }
            }
        }
        return null;
    }

    private static Mix mix(Random random) {
        return new Mix(
                2 + random.nextInt(3),
                1 + random.nextInt(5),
                1 + random.nextInt(5),
                random.nextDouble(),
                random.nextDouble() / 3,
                0.3 + random.nextDouble() / 2,
                1 + random.nextInt(3));
    }

    /** The matrices do not distinguish WriteCORead and CyclicCF. */
    private static @Nullable Kind kind(Verdict verdict) {
        Kind kind = verdict instanceof Verdict.Broken broken ? broken.pattern().kind() : null;
        return kind == Kind.WRITE_CO_READ ? Kind.CYCLIC_CF : kind;
    }

    /** Arbitrary histories: reads of any value that is ever written, most of them not convergent. */
    private static List<Transaction> random(Random random, int size, int keys) {
        List<Transaction> history = new ArrayList<>();
        List<Access> written = new ArrayList<>();
        for (int t = 0; t < size; t++) {
            List<Access> writes = new ArrayList<>();
            for (int key = 0; key < keys; key++) {
                if (random.nextInt(keys + 1) == 0) {
                    writes.add(new Access("k" + key, "v" + t));
                }
            }
            written.addAll(writes);
            history.add(new Transaction(
                    "s" + random.nextInt(size),
                    random.nextInt(8) == 0 ? Status.UNKNOWN : Status.OK,
                    "node1",
                    t,
                    t + 1L,
                    List.of(),
                    writes));
        }
        boolean futures = random.nextInt(4) == 0;
        for (int t = 0; t < size; t++) {
            List<Access> reads = new ArrayList<>();
            for (int count = random.nextInt(3); count > 0; count--) {
                Access read = written.isEmpty() || random.nextInt(5) == 0
                        ? new Access("k" + random.nextInt(keys), null)
                        : written.get(random.nextInt(written.size()));
                if (random.nextInt(200) == 0) {
                    read = new Access(read.key(), "nobody's");
                }
                if (futures || read.value() == null || isFrom(history.subList(0, t), read)) {
                    reads.add(read);
                }
            }
            history.set(t, withReads(history.get(t), reads));
        }
        return history;
    }

    private static boolean isFrom(List<Transaction> history, Access read) {
        return history.stream().anyMatch(transaction -> transaction.writes().contains(read));
    }

    /** One or two reads see another value. */
    private static List<Transaction> disturbed(Random random, List<Transaction> history) {
        List<Transaction> disturbed = new ArrayList<>(history);
        for (int count = random.nextInt(3); count > 0; count--) {
            int t = random.nextInt(history.size());
            List<Access> reads = new ArrayList<>(history.get(t).reads());
            List<Access> writes = history.get(random.nextInt(history.size())).writes();
            if (!reads.isEmpty() && !writes.isEmpty()) {
                reads.set(random.nextInt(reads.size()), writes.getFirst());
                disturbed.set(t, withReads(history.get(t), reads));
            }
        }
        return disturbed;
    }

    private static Transaction withReads(Transaction transaction, List<Access> reads) {
        return new Transaction(
                transaction.session(),
                transaction.status(),
                transaction.node(),
                transaction.startMicros(),
                transaction.endMicros(),
                reads,
                transaction.writes());
    }
}
