package dev.hence.node.memory;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long ALL = 1_000;

    private final MemoryBudget budget = new MemoryBudget(ALL);

    private MemoryHolder holder() {
        return budget.holder(() -> {});
    }

    private FutureTask<Boolean> taking(MemoryHolder holder, long bytes) throws Exception {
        int before = budget.waiting();
        FutureTask<Boolean> task = new FutureTask<>(() -> holder.take(bytes, LONG));
        Thread.ofVirtual().start(task);
        eventually("it waits or is done", () -> task.isDone() || budget.waiting() > before);
        return task;
    }

    private static boolean outcome(FutureTask<Boolean> task) throws Exception {
        return task.get(5, TimeUnit.MINUTES);
    }

    @Test
    void take_beyondTheBudget_waitsUntilItIsGivenBack() throws Exception {
        MemoryHolder first = holder();
        assertThat(first.tryTake(ALL)).isTrue();
        MemoryHolder second = holder();
        assertThat(second.tryTake(1)).isFalse();
        FutureTask<Boolean> waiting = taking(second, 400);
        assertThat(waiting.isDone()).isFalse();
        first.giveBack(300);
        assertThat(waiting.isDone()).isFalse();
        first.close();
        assertThat(outcome(waiting)).isTrue();
        assertThat(budget.heldBytes()).isEqualTo(400);
        second.close();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void take_largeOneWaits_isNotOvertakenBySmallerOnes() throws Exception {
        MemoryHolder first = holder();
        assertThat(first.tryTake(500)).isTrue();
        MemoryHolder large = holder();
        FutureTask<Boolean> largeTaking = taking(large, ALL);
        MemoryHolder small = holder();
        assertThat(small.tryTake(1))
                .as("there are 500 left, but they are spoken for")
                .isFalse();
        FutureTask<Boolean> smallTaking = taking(small, 1);
        first.close();
        assertThat(outcome(largeTaking)).isTrue();
        assertThat(smallTaking.isDone()).isFalse();
        large.close();
        assertThat(outcome(smallTaking)).isTrue();
    }

    @Test
    void take_timeIsUp_takesNothingAndLetsTheNextGoFirst() throws Exception {
        MemoryHolder first = holder();
        assertThat(first.tryTake(500)).isTrue();
        assertThat(holder().take(ALL + 1, LONG)).as("it never could").isFalse();
        assertThat(holder().take(ALL, Duration.ofMillis(1))).isFalse();
        assertThat(budget.heldBytes()).isEqualTo(500);
        assertThat(holder().tryTake(500)).isTrue();
    }

    @Test
    void take_moreThanIsLeftBesidesWhatItHolds_isRefusedAtOnce() throws Exception {
        MemoryHolder holder = holder();
        assertThat(holder.tryTake(600)).isTrue();
        assertThat(holder.take(500, LONG)).isFalse();
        assertThat(holder.take(400, LONG)).isTrue();
    }

    @Test
    void take_allThatHoldWait_lastIsRefusedAndFirstGoesOn() throws Exception {
        MemoryHolder first = holder();
        MemoryHolder second = holder();
        assertThat(first.tryTake(400)).isTrue();
        assertThat(second.tryTake(400)).isTrue();
        FutureTask<Boolean> withNothing = taking(holder(), ALL);
        FutureTask<Boolean> firstTaking = taking(first, 400);
        assertThat(second.take(400, LONG)).isFalse();
        assertThat(firstTaking.isDone()).isFalse();
        second.close();
        assertThat(outcome(firstTaking))
                .as("goes before one that holds nothing")
                .isTrue();
        assertThat(withNothing.isDone()).isFalse();
        first.close();
        assertThat(outcome(withNothing)).isTrue();
    }

    @Test
    void take_lastThatDoesNotWaitIsDone_lastOfTheWaitingIsRefused() throws Exception {
        MemoryHolder busy = holder();
        MemoryHolder first = holder();
        MemoryHolder second = holder();
        busy.tryTake(10);
        first.tryTake(400);
        second.tryTake(400);
        FutureTask<Boolean> firstTaking = taking(first, 400);
        FutureTask<Boolean> secondTaking = taking(second, 400);
        assertThat(secondTaking.isDone()).isFalse();
        busy.close();
        assertThat(outcome(secondTaking)).isFalse();
        second.close();
        assertThat(outcome(firstTaking)).isTrue();
    }

    @Test
    void take_interrupted_takesNothingAndLetsTheNextGoFirst() throws Exception {
        MemoryHolder first = holder();
        assertThat(first.tryTake(500)).isTrue();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                assertThat(holder().take(ALL, LONG)).isTrue();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        });
        eventually("it waits", () -> budget.waiting() == 1);
        FutureTask<Boolean> next = taking(holder(), 500);
        waiting.interrupt();
        assertThat(interrupted.await(5, TimeUnit.MINUTES)).isTrue();
        assertThat(outcome(next)).isTrue();
    }

    @Test
    void take_holderWhoseClientStalls_isCutOffForTheOneThatWaits() throws Exception {
        MemoryBudget impatient = new MemoryBudget(ALL, Duration.ofMillis(1));
        List<MemoryHolder> stalled = new ArrayList<>();
        stalled.add(impatient.holder(() -> stalled.getFirst().close()));
        stalled.getFirst().tryTake(600);
        stalled.getFirst().awaitsClient();
        MemoryHolder busy = impatient.holder(() -> {
            throw new AssertionError("its client is not the one that is waited for");
        });
        busy.tryTake(400);
        busy.awaitsClient();
        busy.clientServed();
        assertThat(impatient.holder(() -> {}).take(500, LONG)).isTrue();
        assertThat(stalled.getFirst().heldBytes()).isZero();
        assertThat(busy.heldBytes()).isEqualTo(400);
    }

    @Test
    void isStalled_clientThatMovesEnough_isNot() {
        MemoryHolder holder = holder();
        long stall = Duration.ofDays(1).toNanos();
        holder.awaitsClient();
        long later = System.nanoTime() + 2 * stall;
        assertThat(holder.isStalled(later, stall)).isTrue();
        holder.clientServed();
        assertThat(holder.isStalled(later, stall)).isFalse();
    }

    @Test
    void isStalled_messageSentWhileARequestIsAwaited_stillCountsFromTheWait() {
        MemoryHolder holder = holder();
        long stall = Duration.ofDays(1).toNanos();
        holder.awaitsClient();
        long later = System.nanoTime() + 2 * stall;
        holder.sends();
        holder.sent();
        assertThat(holder.isStalled(later, stall)).isTrue();
        holder.clientServed();
        assertThat(holder.isStalled(later, stall)).isFalse();
        holder.sends();
        assertThat(holder.isStalled(later, stall))
                .as("a part that is not taken")
                .isTrue();
    }

    @Test
    void close_takesNothingAnyMore() {
        MemoryHolder holder = holder();
        holder.tryTake(10);
        holder.close();
        holder.close();
        holder.giveBack(10);
        assertThat(holder.tryTake(10)).isFalse();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void takeKeepingPlace_comesAgain_goesBeforeThoseThatCameAfterItFirstDid() throws Exception {
        MemoryHolder holder = holder();
        assertThat(holder.tryTake(ALL)).isTrue();
        MemoryHolder feed = holder();
        assertThat(feed.takeKeepingPlace(600, Duration.ZERO)).isFalse();
        MemoryHolder later = holder();
        FutureTask<Boolean> laterTakes = new FutureTask<>(() -> later.take(600, LONG));
        Thread.ofVirtual().start(laterTakes);
        eventually("the later one waits", () -> budget.waiting() == 1);
        FutureTask<Boolean> feedTakes = new FutureTask<>(() -> feed.takeKeepingPlace(600, LONG));
        Thread.ofVirtual().start(feedTakes);
        eventually("both wait", () -> budget.waiting() == 2);
        holder.close();
        assertThat(outcome(feedTakes)).isTrue();
        assertThat(laterTakes.isDone()).isFalse();
        // It has had its turn, so its next place is behind the other's.
        feed.giveBack(600);
        assertThat(outcome(laterTakes)).isTrue();
    }
}
