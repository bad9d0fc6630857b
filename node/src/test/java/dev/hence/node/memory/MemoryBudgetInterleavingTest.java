package dev.hence.node.memory;

import java.time.Duration;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Two clients that together need more than the budget, in very many interleavings. A client that is never woken hangs
 * the run.
 */
final class MemoryBudgetInterleavingTest {

    private static final int INTERLEAVINGS = 300;
    private static final int ALL = 10;

    @Test
    void take_twoThatDoNotFitTogether_bothGetTheirsInTurn() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            MemoryBudget budget = new MemoryBudget(ALL);
            Thread other = new Thread(() -> use(budget));
            other.start();
            use(budget);
            try {
                other.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            if (budget.heldBytes() != 0 || budget.waiting() != 0) {
                throw new AssertionError("held: " + budget.heldBytes() + " bytes (expected: 0)");
            }
        });
    }

    private static void use(MemoryBudget budget) {
        try (MemoryHolder holder = budget.holder(() -> {})) {
            if (!holder.take(ALL - 3, Duration.ofDays(1))) {
                throw new AssertionError("refused (expected: memory when the other is done)");
            }
            if (budget.heldBytes() > ALL) {
                throw new AssertionError("held: " + budget.heldBytes() + " bytes (expected: at most " + ALL + ")");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
