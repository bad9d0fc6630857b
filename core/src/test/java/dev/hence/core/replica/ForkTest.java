package dev.hence.core.replica;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Update;
import org.junit.jupiter.api.Test;

/** A disk that is rolled back to an earlier state and written to reuses dots. */
final class ForkTest {

    private static final ReplicaId A = new ReplicaId("a", 1);
    private static final ReplicaId B = new ReplicaId("b", 2);
    private static final ReplicaId C = new ReplicaId("c", 3);
    private static final long NOON_MILLIS = 1_800_000_000_000L;
    private static final Replica.Limits LIMITS = new Replica.Limits(new DeliveryBuffer.Limits(100, 10_000), 1_000);

    private final MemoryHost a = new MemoryHost(A, LIMITS);
    private final MemoryHost b = new MemoryHost(B, LIMITS);
    private final MemoryHost c = new MemoryHost(C, LIMITS);
    private long now = NOON_MILLIS;

    private Update write(MemoryHost host, String value) {
        Written<Boolean> written = host.replica().write(now++, transaction -> {
            transaction.set(Bytes.utf8("key"), Bytes.utf8(value));
            return true;
        });
        host.commit();
        return requireNonNull(written.update());
    }

    private Receipt receive(MemoryHost host, Update update) {
        Receipt receipt = host.replica().receive(update, now);
        host.commit();
        return receipt;
    }

    @Test
    void receive_contextThatNamesTheOtherUpdateUnderADot_isNeverDelivered() {
        MemoryHost.Snapshot empty = a.snapshot();
        Update kept = write(a, "kept by b");
        receive(b, kept);
        a.restore(empty);
        Update other = write(a, "seen by c");
        receive(c, other);
        Update answer = write(c, "an answer to what c saw");

        assertThat(receive(b, answer)).isEqualTo(new Receipt.Forked(answer.dot()));
        assertThat(b.replica().clock().get(C)).isZero();
        assertThat(b.replica().takeForked()).containsExactly(answer.dot());
        assertThat(receive(c, kept)).isEqualTo(new Receipt.Forked(kept.dot()));
    }

    @Test
    void receive_theOtherUpdateComesWhileTheAnswerWaits_answerIsDropped() {
        MemoryHost.Snapshot empty = a.snapshot();
        Update kept = write(a, "kept by b");
        a.restore(empty);
        receive(c, write(a, "seen by c"));
        Update answer = write(c, "an answer to what c saw");
        assertThat(receive(b, answer)).isInstanceOf(Receipt.Buffered.class);

        assertThat(receive(b, kept)).isEqualTo(new Receipt.Delivered());

        assertThat(b.replica().clock().get(C)).isZero();
        assertThat(b.replica().bufferedCount()).isZero();
        assertThat(b.replica().takeForked()).containsExactly(answer.dot());
    }

    @Test
    void receive_successorOfTheOtherUpdate_isNeverDelivered() {
        MemoryHost.Snapshot empty = a.snapshot();
        receive(b, write(a, "kept by b"));
        a.restore(empty);
        write(a, "another first one");

        Update second = write(a, "the second");

        assertThat(receive(b, second)).isEqualTo(new Receipt.Forked(second.dot()));
    }

    @Test
    void write_afterAFork_sameOperationAtTheSameTimeIsAnotherUpdateAtEveryLaterCounter() {
        MemoryHost.Snapshot empty = a.snapshot();
        write(a, "first");
        now = NOON_MILLIS + 10;
        Update second = write(a, "same");
        a.restore(empty);
        now = NOON_MILLIS;
        write(a, "another first one");
        now = NOON_MILLIS + 10;

        Update other = write(a, "same");

        assertThat(other.timestamp()).isEqualTo(second.timestamp());
        assertThat(other.operations()).isEqualTo(second.operations());
        assertThat(other.checksum()).isNotEqualTo(second.checksum());
    }

    @Test
    void receive_contextThatNamesOldUpdates_isLookedUpInTheLog() {
        Update first = write(a, "0");
        receive(b, first);
        receive(c, first);
        Update answer = write(c, "names an update of long ago");
        for (int i = 1; i < 2_000; i++) {
            receive(b, write(a, "" + i));
        }
        b.crash();

        assertThat(receive(b, answer)).isEqualTo(new Receipt.Delivered());
        assertThat(b.replica().takeForked()).isEmpty();
    }

    @Test
    void differing_underAReplicaThatItWroteAs_takesNoWritesEvenAfterARestart() {
        Update first = write(a, "first");
        a.replica().renew(new ReplicaId("a", 9));
        a.replica().differing(new Dot(B, 1));
        a.commit();
        write(a, "what others wrote does not concern it");

        a.replica().differing(first.dot());
        a.commit();
        a.crash();

        assertThat(a.replica().identity().forked()).isEqualTo(first.dot());
        assertThatThrownBy(() -> write(a, "more")).isInstanceOf(ForkedException.class);
        assertThat(receive(a, write(b, "of others"))).isEqualTo(new Receipt.Delivered());
    }
}
