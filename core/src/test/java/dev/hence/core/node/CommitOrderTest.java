package dev.hence.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.DeliveryBuffer;
import dev.hence.core.keyspace.MemoryState;
import dev.hence.core.keyspace.View;
import dev.hence.core.node.CommitOrder.Action;
import dev.hence.core.node.CommitOrder.Step;
import dev.hence.core.replica.Replica;
import dev.hence.core.update.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tasks are named by strings. */
final class CommitOrderTest {
    private static final ReplicaId SELF = new ReplicaId("a", 1);
    private static final ReplicaId RENEWED = new ReplicaId("a", 2);
    private static final long STAMP = 1_750_000_000_000L;
    private static final long BYTES_MAX = 100;
    private static final Bytes KEY = Bytes.utf8("x");

    private final MemoryState rows = new MemoryState();
    private final Unstored unstored = new Unstored(rows, dot -> null);
    private final Replica replica = new Replica(
            Replica.Recovered.fresh(SELF),
            unstored,
            unstored,
            new Replica.Limits(new DeliveryBuffer.Limits(10, 1_000), 1_000));
    private final CommitOrder<String> forced = order(true, 1);
    private final CommitOrder<String> overlapping = order(true, 2);

    private CommitOrder<String> order(boolean forcesGroups, int groupsMax) {
        return new CommitOrder<>(
                replica, unstored, LogPosition.START, new CommitOrder.Rules(forcesGroups, BYTES_MAX, groupsMax));
    }

    private void write(int bytes) {
        write(Bytes.wrap(new byte[bytes]));
    }

    private void write(Bytes value) {
        replica.write(STAMP, transaction -> {
            transaction.set(KEY, value);
            return "done";
        });
    }

    private static Step<String> next(CommitOrder<String> order) {
        return Objects.requireNonNull(order.next());
    }

    /** Carries out all steps that are due, and returns them. */
    private List<Step<String>> all(CommitOrder<String> order) {
        List<Step<String>> steps = new ArrayList<>();
        for (Step<String> step = order.next(); step != null; step = order.next()) {
            if (step.action() == Action.APPLY) {
                rows.store(step.changes().keys());
            }
            steps.add(step);
            order.done();
        }
        return steps;
    }

    private List<Action> actions(CommitOrder<String> order) {
        return all(order).stream().map(Step::action).toList();
    }

    @Test
    void next_changes_areForcedBeforeTheyAreReadableAndAnsweredLast() {
        write(1);
        assertThat(forced.ran("first")).isFalse();
        write(1);
        assertThat(forced.ran("second")).isFalse();
        forced.close();

        List<Step<String>> steps = all(forced);

        assertThat(steps)
                .extracting(Step::action)
                .containsExactly(Action.APPEND, Action.FORCE, Action.APPLY, Action.PUBLISH, Action.ANSWER);
        assertThat(steps.getFirst().changes().delivered()).hasSize(2);
        assertThat(steps.getLast().group().tasks()).containsExactly("first", "second");
        assertThat(forced.isIdle()).isTrue();
    }

    @Test
    void next_policyThatDoesNotForceGroups_publishesWhatIsAppended() {
        CommitOrder<String> unforced = order(false, 1);
        write(1);
        unforced.ran("write");
        unforced.close();

        assertThat(actions(unforced)).containsExactly(Action.APPEND, Action.APPLY, Action.PUBLISH, Action.ANSWER);
    }

    @Test
    void next_taskThatChangedNothing_isAnsweredWithTheBatchItWasDecidedOn() {
        write(1);
        forced.ran("write");
        forced.ran("refusal");
        forced.close();

        assertThat(all(forced).getLast().group().tasks()).containsExactly("write", "refusal");
    }

    @Test
    void next_nothingChanged_hasNothingToStoreAndAnswersAllTheSame() {
        forced.ran("look");
        forced.close();

        assertThat(actions(forced)).containsExactly(Action.ANSWER);
        forced.close();
        assertThat(forced.next()).as("no group without tasks").isNull();
    }

    @Test
    void next_identityRenewed_isStored() {
        replica.renew(RENEWED);
        forced.ran("renew");
        forced.close();

        assertThat(next(forced).changes().self()).isEqualTo(RENEWED);
    }

    @Test
    void ran_moreBytesThanAGroupHolds_isToBeClosedBeforeMoreRuns() {
        write((int) BYTES_MAX - Operation.OVERHEAD_BYTES - 1);
        assertThat(forced.ran("fits exactly, its key included")).isFalse();
        write(1);
        assertThat(forced.ran("too much")).isTrue();
        forced.close();
        all(forced);
        write(1);
        assertThat(forced.ran("the next group starts from zero")).isFalse();
    }

    @Test
    void next_stepInProgress_isNoneUntilItIsDone() {
        write(1);
        forced.ran("write");
        forced.close();
        forced.next();

        assertThat(forced.next()).isNull();
        forced.done();
        assertThat(next(forced).action()).isEqualTo(Action.FORCE);
    }

    @Test
    void published_isTheEndOfWhatWasPublished_andAppliedThatOfTheRows() {
        write(1);
        write(1);
        forced.ran("write");
        forced.close();
        List<LogPosition> applied = new ArrayList<>();
        List<LogPosition> published = new ArrayList<>();
        while (forced.next() != null) {
            forced.done();
            applied.add(forced.applied());
            published.add(forced.published());
        }

        LogPosition end = new LogPosition(2, VersionVector.EMPTY.with(SELF, 2), replica.timestamp());
        LogPosition start = LogPosition.START;
        assertThat(applied).containsExactly(start, start, end, end, end);
        assertThat(published).containsExactly(start, start, start, end, end);
    }

    @Test
    void isStoring_isSoFromTheFirstStepUntilItIsPublished() {
        write(1);
        forced.ran("write");
        forced.close();
        assertThat(forced.isStoring()).as("not begun").isFalse();
        List<Boolean> storing = new ArrayList<>();
        while (forced.next() != null) {
            storing.add(forced.isStoring());
            forced.done();
        }
        assertThat(storing).containsExactly(true, true, true, true, false);
        assertThat(forced.isStoring()).isFalse();
    }

    @Test
    void unanswered_ofGroupsAtWork_areAllThatRanAndOnlyTheFirstMayHaveHappened() {
        write(1);
        overlapping.ran("first");
        overlapping.close();
        write(1);
        overlapping.ran("second");
        assertThat(unanswered(overlapping)).containsExactly("first false", "second false");
        overlapping.next();
        assertThat(unanswered(overlapping)).containsExactly("first true", "second false");
        for (int step = 0; step < 4; step++) {
            overlapping.done();
            overlapping.next();
        }
        assertThat(unanswered(overlapping)).as("published").containsExactly("first true", "second false");
        overlapping.done();
        assertThat(unanswered(overlapping)).containsExactly("second false");
    }

    private static List<String> unanswered(CommitOrder<String> order) {
        List<String> tasks = new ArrayList<>();
        order.forEachUnanswered((task, mayHaveHappened) -> tasks.add(task + " " + mayHaveHappened));
        return tasks;
    }

    @Test
    void ran_whileAGroupIsBeingStored_isABrokenInvariant() {
        forced.ran("first");
        forced.close();

        assertThat(forced.mayRun()).isFalse();
        assertThatThrownBy(() -> forced.ran("too early")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(forced::close).isInstanceOf(AssertionError.class);
    }

    @Test
    void done_nothingBegun_isABrokenInvariantAndAnswersNobody() {
        write(1);
        forced.ran("write");
        assertThatThrownBy(forced::done).isInstanceOf(AssertionError.class);
        forced.close();

        assertThat(all(forced).getLast().group().tasks()).containsExactly("write");
    }

    @Test
    void ran_overlapping_readsWhatIsBeingStoredAndIsAnsweredAfterIt() {
        write(Bytes.utf8("first"));
        overlapping.ran("first");
        overlapping.close();
        next(overlapping);
        overlapping.done();
        assertThat(overlapping.mayRun()).isTrue();
        String[] read = new String[1];
        replica.write(STAMP, transaction -> {
            read[0] = String.valueOf(View.of(unstored, STAMP).head(KEY).string().value());
            return "done";
        });
        overlapping.ran("look");
        overlapping.close();

        assertThat(read[0]).isEqualTo("first");
        assertThat(overlapping.mayRun()).as("two groups wait").isFalse();
        assertThat(rows.head(KEY).isEmpty()).as("nothing is readable yet").isTrue();
        assertThat(actions(overlapping))
                .containsExactly(Action.FORCE, Action.APPLY, Action.PUBLISH, Action.ANSWER, Action.ANSWER);
    }

    @Test
    void next_overlappingGroups_areStoredOneAfterAnother() {
        write(1);
        overlapping.ran("first");
        overlapping.close();
        next(overlapping);
        write(1);
        overlapping.ran("second");
        overlapping.close();
        assertThat(overlapping.next()).isNull();
        overlapping.done();

        List<LogPosition> ends =
                all(overlapping).stream().map(step -> step.group().end()).toList();

        assertThat(ends).extracting(LogPosition::sequence).containsExactly(1L, 1L, 1L, 1L, 2L, 2L, 2L, 2L, 2L);
    }

    @Test
    void checksum_updateNeitherStoredNorInTheTail_isThatOfTheGroupBeingStored() {
        write(1);
        overlapping.ran("write");
        overlapping.close();
        Dot dot = new Dot(SELF, 1);
        int checksum = next(overlapping).changes().delivered().getFirst().checksum();

        assertThat(unstored.checksum(dot)).isEqualTo(checksum);
        overlapping.done();
        all(overlapping);
        assertThat(unstored.checksum(dot)).isNull();
    }
}
