package dev.hence.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Many clients take, release, fail, are interrupted and are closed at random: the sum stays correct, and no client
 * waits forever.
 */
final class MemoryBudgetPropertyTest {

    private static final long ALL = 10_000;
    private static final int ROUNDS = 2_000;
    private static final int CLIENTS = 12;

    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong mostBytes = new AtomicLong();

    @Test
    void randomClients_neverHoldMoreThanThereIsAndGiveAllBack() throws Exception {
        long seed = Long.getLong("hence.seed", System.nanoTime());
        MemoryBudget budget = new MemoryBudget(ALL);
        List<FutureTask<Integer>> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            FutureTask<Integer> client = new FutureTask<>(client(budget, new Random(seed + number)));
            clients.add(client);
            threads.add(Thread.ofPlatform().start(client));
        }
        Random disturber = new Random(seed);
        while (clients.stream().anyMatch(client -> !client.isDone())) {
            threads.get(disturber.nextInt(CLIENTS)).interrupt();
            assertThat(budget.heldBytes()).as("seed %s", seed).isBetween(0L, ALL);
            Thread.onSpinWait();
        }
        int taken = 0;
        for (FutureTask<Integer> client : clients) {
            taken += client.get(5, TimeUnit.MINUTES);
        }
        assertThat(taken).as("what was taken, seed %s", seed).isPositive();
        assertThat(mostBytes).as("seed %s", seed).hasValueLessThanOrEqualTo(ALL);
        assertThat(budget.heldBytes()).as("seed %s", seed).isZero();
        assertThat(budget.waiting()).as("seed %s", seed).isZero();
    }

    @Test
    void randomClients_thatHoldAndWaitForMore_neverAllWait() throws Exception {
        long seed = Long.getLong("hence.seed", System.nanoTime());
        MemoryBudget budget = new MemoryBudget(ALL);
        List<FutureTask<Integer>> clients = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            FutureTask<Integer> client = new FutureTask<>(patientClient(budget, new Random(seed + number)));
            clients.add(client);
            Thread.ofPlatform().start(client);
        }
        int taken = 0;
        for (FutureTask<Integer> client : clients) {
            taken += client.get(5, TimeUnit.MINUTES);
        }
        assertThat(taken).as("what was taken, seed %s", seed).isPositive();
        assertThat(budget.heldBytes()).as("seed %s", seed).isZero();
        assertThat(budget.waiting()).as("seed %s", seed).isZero();
    }

    /** Keeps all that it holds, and waits as long as necessary, as a node does for a request. */
    private static Callable<Integer> patientClient(MemoryBudget budget, Random random) {
        return () -> {
            int taken = 0;
            for (int round = 0; round < ROUNDS; round++) {
                try (MemoryHolder holder = budget.holder(() -> {})) {
                    boolean got = true;
                    for (int step = random.nextInt(4); got && step >= 0; step--) {
                        got = holder.take(1L + random.nextInt((int) ALL / 2), Duration.ofDays(1));
                        taken += got ? 1 : 0;
                    }
                }
            }
            return taken;
        };
    }

    private Callable<Integer> client(MemoryBudget budget, Random random) {
        return () -> {
            int taken = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long own = 0;
                try (MemoryHolder holder = budget.holder(() -> {})) {
                    try {
                        for (int step = random.nextInt(4); step >= 0; step--) {
                            long bytes = 1L + random.nextInt((int) ALL);
                            boolean got = random.nextBoolean()
                                    ? holder.tryTake(bytes)
                                    : holder.take(bytes, Duration.ofMillis(random.nextInt(3)));
                            if (got) {
                                taken++;
                                own += bytes;
                                mostBytes.accumulateAndGet(heldBytes.addAndGet(bytes), Math::max);
                            }
                            if (random.nextInt(3) == 0) {
                                long part = random.nextInt((int) ALL);
                                long back = Math.min(part, own);
                                own -= back;
                                heldBytes.addAndGet(-back);
                                holder.giveBack(part);
                            }
                            assertThat(holder.heldBytes()).isEqualTo(own);
                            if (random.nextInt(10) == 0) {
                                throw new IllegalStateException("a request that fails");
                            }
                        }
                    } catch (InterruptedException | IllegalStateException ended) {
                        assertThat(holder.heldBytes()).isEqualTo(own);
                    } finally {
                        heldBytes.addAndGet(-own);
                    }
                }
            }
            return taken;
        };
    }
}
