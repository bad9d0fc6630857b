package dev.hence.core.specification;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.Cell;
import dev.hence.core.crdt.DataType;
import dev.hence.core.crdt.KeyHead;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.replica.MemoryHost;
import dev.hence.core.replica.Replica;
import dev.hence.core.replica.Transaction;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Cases that published sets and counters are known to handle wrongly, step by step. */
final class KnownCasesTest {

    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes X = Bytes.utf8("x");
    private static final Replica.Limits LIMITS =
            new Replica.Limits(new DeliveryBuffer.Limits(100, 1_000_000), 1_000_000);

    private final MemoryHost a = new MemoryHost(new ReplicaId("a", 1), LIMITS);
    private final MemoryHost b = new MemoryHost(new ReplicaId("b", 2), LIMITS);
    private final MemoryHost c = new MemoryHost(new ReplicaId("c", 3), LIMITS);

    @Test
    void set_memberAddedTwiceAndEachAddSeenByARemoval_isAbsentOnceAllIsMerged() {
        // Bieniusa et al., An Optimized Conflict-free Replicated Set (2012): sets that keep one dot per member fail it.
        Update addedAtA = write(a, KnownCasesTest::add);
        Update addedAtB = write(b, KnownCasesTest::add);
        receive(c, addedAtA);
        Update removedAtA = write(a, KnownCasesTest::remove);
        receive(a, addedAtB);
        assertThat(hasX(a)).as("the add at B was not seen by the removal").isTrue();
        Update removedAtB = write(b, KnownCasesTest::remove);

        receive(a, removedAtB);
        receive(b, addedAtA, removedAtA);
        receive(c, addedAtB, removedAtB, removedAtA);

        for (MemoryHost host : List.of(a, b, c)) {
            assertThat(hasX(host)).isFalse();
            assertThat(host.state().head(KEY).type()).isNull();
        }
    }

    @Test
    void set_memberAddedAgainWhileItIsRemovedElsewhere_stays() {
        receive(b, write(a, KnownCasesTest::add));
        Update again = write(a, KnownCasesTest::add);
        receive(a, write(b, KnownCasesTest::remove));
        receive(b, again);

        assertThat(hasX(a)).isTrue();
        assertThat(hasX(b)).isTrue();
    }

    @Test
    void counter_incrementsConcurrentWithASetOrADel_countOnTopExactly() {
        Update one = increment(a, "0.1");
        receive(b, one);
        Update set = write(b, transaction -> transaction.set(KEY, Bytes.utf8("10")));
        Update two = increment(a, "0.2");
        receive(c, one, two);
        Update deleted = write(c, transaction -> transaction.delete(KEY));
        Update three = increment(a, "0.4");

        receive(a, set, deleted);
        receive(b, deleted, three, two, three);
        receive(c, three, set);

        for (MemoryHost host : List.of(a, b, c)) {
            assertThat(shown(host)).isEqualTo("10.4");
            assertThat(host.state().head(KEY)).isEqualTo(a.state().head(KEY));
        }
    }

    @Test
    void counter_replicaRestartsBetweenIncrements_losesOnlyWhatWasNotCommitted() {
        Update one = increment(a, "1");
        Update two = increment(a, "2");
        a.replica().write(NOON_MILLIS, transaction -> {
            transaction.increment(KEY, DataType.STRING, Bytes.EMPTY, new BigDecimal(100));
            return true;
        });
        a.crash();
        Update three = increment(a, "4");
        receive(b, one, two);
        Update deleted = write(b, transaction -> transaction.delete(KEY));
        a.replica().renew(new ReplicaId("a", 11));
        Update four = increment(a, "8");

        receive(a, deleted);
        receive(b, three, four);
        receive(c, one, two, three, four, deleted);

        for (MemoryHost host : List.of(a, b, c)) {
            assertThat(shown(host)).isEqualTo("12");
        }
    }

    @Test
    void counter_removalAndNextIncrementInEitherOrder_leaveTheSameRow() {
        // The base of a restored run was once the update before its increment, not the increment before it.
        Update one = increment(a, "1");
        Update other = write(a, transaction -> transaction.set(X, Bytes.EMPTY));
        Update two = increment(a, "1.0");
        receive(b, one);
        Update deleted = write(b, transaction -> transaction.delete(KEY));

        receive(a, deleted);
        receive(c, one, deleted, other, two);

        assertThat(c.state().head(KEY)).isEqualTo(a.state().head(KEY));
        assertThat(c.state().head(KEY).string().versionTag())
                .isEqualTo(a.state().head(KEY).string().versionTag());
    }

    @Test
    void counter_sumsBeyond64Bits_showTheLargestAndStayExact() {
        Update first = increment(a, Long.toString(Long.MAX_VALUE));
        Update second = increment(b, Long.toString(Long.MAX_VALUE));
        receive(a, second);
        receive(b, first);

        assertThat(shown(a)).isEqualTo(Long.toString(Long.MAX_VALUE));
        increment(a, "-" + Long.MAX_VALUE);
        increment(a, "-" + (Long.MAX_VALUE - 5));
        assertThat(shown(a)).isEqualTo("5");
    }

    private static void add(Transaction transaction) {
        transaction.assign(KEY, DataType.SET, X, Bytes.EMPTY);
    }

    private static void remove(Transaction transaction) {
        transaction.remove(KEY, DataType.SET, X);
    }

    private static Update increment(MemoryHost host, String delta) {
        return write(
                host, transaction -> transaction.increment(KEY, DataType.STRING, Bytes.EMPTY, new BigDecimal(delta)));
    }

    private static Update write(MemoryHost host, Consumer<Transaction> body) {
        Update update = requireNonNull(host.replica()
                .write(NOON_MILLIS, transaction -> {
                    body.accept(transaction);
                    return true;
                })
                .update());
        host.commit();
        return update;
    }

    private static void receive(MemoryHost host, Update... updates) {
        for (Update update : updates) {
            host.replica().receive(update, NOON_MILLIS);
        }
        host.commit();
    }

    private static boolean hasX(MemoryHost host) {
        return host.replica()
                .write(
                        NOON_MILLIS,
                        transaction ->
                                !transaction.element(KEY, DataType.SET, X).isEmpty())
                .result();
    }

    private static String shown(MemoryHost host) {
        KeyHead head = host.state().head(KEY);
        Cell string = head.string();
        return Objects.toString(string.value());
    }
}
