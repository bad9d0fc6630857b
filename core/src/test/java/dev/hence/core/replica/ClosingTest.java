package dev.hence.core.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.crdt.DataType;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.update.Update;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Node a has forked. Node c holds an increment of it that waits for an update of b, and b is unreachable: no remaining
 * node has another update under the dot of the increment.
 */
final class ClosingTest {

    private static final ReplicaId OLD = new ReplicaId("a", 1);
    private static final ReplicaId NEW = new ReplicaId("a", 9);
    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final Bytes X = Bytes.utf8("x");
    private static final Bytes COUNT = Bytes.utf8("count");
    private static final Replica.Limits LIMITS = new Replica.Limits(new DeliveryBuffer.Limits(100, 10_000), 1_000);
    private static final int ROUNDS = 3;

    private final MemoryHost old = new MemoryHost(OLD, LIMITS);
    private final MemoryHost b = new MemoryHost(new ReplicaId("b", 2), LIMITS);
    private final MemoryHost c = new MemoryHost(new ReplicaId("c", 3), LIMITS);
    private final MemoryHost rescued = new MemoryHost(NEW, LIMITS);
    private final Reissue reissue = new Reissue(dot -> false);
    private long now = NOON_MILLIS;
    private MemoryHost.Snapshot afterFirst;
    private Update first;
    private Update ofB;
    private Update increment;

    @BeforeEach
    void fork() {
        first = set(old, "first");
        afterFirst = old.snapshot();
        ofB = set(b, "of b");
        receive(old, ofB);
        increment = increment(old);
        receive(c, first);
        receive(c, increment);
        receive(rescued, first);
        assertThat(c.replica().bufferedCount()).isEqualTo(1);
    }

    private Update write(MemoryHost host, Transaction.Body<Boolean> body) {
        Update update = requireNonNull(host.replica().write(now++, body).update());
        host.commit();
        return update;
    }

    private Update set(MemoryHost host, String value) {
        return write(host, transaction -> {
            transaction.set(X, Bytes.utf8(value));
            return true;
        });
    }

    private Update increment(MemoryHost host) {
        return write(host, transaction -> {
            transaction.increment(COUNT, DataType.STRING, Bytes.EMPTY, BigDecimal.ONE);
            return true;
        });
    }

    private void receive(MemoryHost host, Update update) {
        host.replica().receive(update, now);
        host.commit();
    }

    private static @Nullable Integer checksum(MemoryHost host, Dot dot) {
        Update update = update(host, dot);
        return update == null ? null : update.checksum();
    }

    private static @Nullable Update update(MemoryHost host, Dot dot) {
        return host.log().stream()
                .filter(each -> each.dot().equals(dot))
                .findFirst()
                .orElse(null);
    }

    private Optional<Update> closing() {
        return Closing.of(OLD, rescued.clock(), dot -> checksum(rescued, dot), dot -> update(old, dot));
    }

    private Update again(Update lost) {
        Update again = write(rescued, reissue.body(lost));
        reissue.made(lost.dot(), again.dot());
        return again;
    }

    private String count(MemoryHost host) {
        return String.valueOf(host.state().head(COUNT).string().value());
    }

    static Stream<List<Integer>> orders() {
        return Stream.of(
                List.of(0, 1, 2),
                List.of(0, 2, 1),
                List.of(1, 0, 2),
                List.of(1, 2, 0),
                List.of(2, 0, 1),
                List.of(2, 1, 0));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void of_anOldIncrementThatAPeerHolds_isNeverCountedThereBesideTheOneMadeAgain(List<Integer> order) {
        Update closing = closing().orElseThrow();
        receive(rescued, closing);
        List<Update> coming = List.of(closing, again(increment), ofB);

        // A broken stream is requested again.
        for (int round = 0; round < ROUNDS; round++) {
            order.forEach(each -> receive(c, coming.get(each)));
        }

        assertThat(count(c)).isEqualTo("1");
        assertThat(c.clock().contains(ofB.dot())).isTrue();
        // Where the old update arrived first the two nodes diverge, and c reports it.
        assertThat(c.clock().get(NEW)).isEqualTo(order.indexOf(2) < order.indexOf(0) ? 0 : 1);
    }

    @Test
    void of_aReplicaThatWasClosed_isEmpty() {
        receive(rescued, closing().orElseThrow());
        increment(old);

        assertThat(closing()).isEmpty();
    }

    @Test
    void of_nothingToMakeAgain_isEmpty() {
        receive(rescued, ofB);
        receive(rescued, increment);

        assertThat(closing()).isEmpty();
    }

    @Test
    void of_theRescuedNodeHasAnotherUpdateInThePast_isEmpty() {
        MemoryHost other = new MemoryHost(OLD, LIMITS);
        other.restore(afterFirst);
        receive(rescued, set(other, "before the disk was set back"));
        increment(old);

        assertThat(closing()).isEmpty();
    }

    @Test
    void of_aRescuedNodeThatHasForgottenIt_isTheSame() {
        MemoryHost.Snapshot before = rescued.snapshot();
        Update closing = closing().orElseThrow();
        receive(rescued, closing);
        set(rescued, "goes on");
        rescued.restore(before);

        assertThat(closing()).contains(closing);
    }

    @Test
    void of_aReplicaOfWhichNothingIsHere_closesItAtItsFirstDot() {
        MemoryHost empty = new MemoryHost(NEW, LIMITS);

        Update closing = Closing.of(OLD, empty.clock(), dot -> checksum(empty, dot), dot -> update(old, dot))
                .orElseThrow();

        receive(empty, closing);
        assertThat(closing.dot()).isEqualTo(new Dot(OLD, 1));
        assertThat(empty.log()).containsExactly(closing);
    }

    @Test
    void of_whatIsInTheLog_isTakenForNoMark() {
        Update closing = closing().orElseThrow();
        Reissue next = new Reissue(dot -> false);

        next.known(closing);

        assertThat(List.of(first, increment).stream().map(Update::dot).filter(next::isDone))
                .isEmpty();
    }
}
