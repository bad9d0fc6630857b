package dev.hence.core.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.update.Operation;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tasks are named by strings. */
final class GroupCommitTest {

    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final ReplicaId RENEWED = new ReplicaId("a", 2);
    private static final long STAMP = 1_750_000_000_000L;
    private static final long BYTES_MAX = 100;

    private final Replica replica =
            new MemoryHost(SELF, new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 1_000)).replica();
    private final GroupCommit<String> group = new GroupCommit<>(replica, BYTES_MAX);

    private void write(int bytes) {
        replica.write(STAMP, transaction -> {
            transaction.set(Bytes.utf8("x"), Bytes.wrap(new byte[bytes]));
            return "done";
        });
    }

    private CommitBatch begin() {
        return Objects.requireNonNull(group.begin());
    }

    @Test
    void stored_answersAllThatRanInTheirOrderAndOnce() {
        write(1);
        assertThat(group.ran("first")).isFalse();
        write(1);
        assertThat(group.ran("second")).isFalse();
        assertThat(begin().delivered()).hasSize(2);
        assertThat(group.stored()).containsExactly("first", "second");
        group.begin();
        assertThat(group.stored()).isEmpty();
    }

    @Test
    void stored_taskThatChangedNothing_isAnsweredWithTheBatchItWasDecidedOn() {
        write(1);
        group.ran("write");
        group.ran("refusal");
        begin();
        assertThat(group.stored()).containsExactly("write", "refusal");
    }

    @Test
    void begin_nothingChanged_hasNothingToStoreAndAnswersAllTheSame() {
        group.ran("look");
        assertThat(group.begin()).isNull();
        assertThat(group.stored()).containsExactly("look");
    }

    @Test
    void begin_identityRenewed_isStored() {
        replica.renew(RENEWED);
        group.ran("renew");
        assertThat(begin().self()).isEqualTo(RENEWED);
    }

    @Test
    void ran_moreBytesThanABatchHolds_isToBeStoredBeforeMoreRuns() {
        write((int) BYTES_MAX - Operation.OVERHEAD_BYTES - 1);
        assertThat(group.ran("fits exactly, its key included")).isFalse();
        write(1);
        assertThat(group.ran("too much")).isTrue();
        begin();
        assertThat(group.stored()).hasSize(2);
        write(1);
        assertThat(group.ran("the next batch starts from zero")).isFalse();
    }

    @Test
    void isStoring_isSoBetweenBeginAndStoredAlone() {
        assertThat(group.isStoring()).isFalse();
        group.begin();
        assertThat(group.isStoring()).isTrue();
        group.stored();
        assertThat(group.isStoring()).isFalse();
    }

    @Test
    void ran_whileABatchIsBeingStored_isABrokenInvariant() {
        group.begin();
        assertThatThrownBy(() -> group.ran("too early")).isInstanceOf(AssertionError.class);
    }

    @Test
    void begin_whileABatchIsBeingStored_isABrokenInvariant() {
        group.begin();
        assertThatThrownBy(group::begin).isInstanceOf(AssertionError.class);
    }

    @Test
    void stored_withoutABatch_isABrokenInvariantAndAnswersNobody() {
        write(1);
        group.ran("write");
        assertThatThrownBy(group::stored).isInstanceOf(AssertionError.class);
        begin();
        List<String> answered = group.stored();
        assertThat(answered).containsExactly("write");
    }
}
