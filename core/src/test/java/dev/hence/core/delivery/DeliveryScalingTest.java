package dev.hence.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Delivering <i>n</i> updates costs O(<i>n</i>) in the worst arrival orders. Steps are counted, not timed, so the test
 * is deterministic; the {@code DeliveryBenchmark} of module benchmarks measures the time.
 */
final class DeliveryScalingTest {

    @ParameterizedTest
    @EnumSource
    void deliver_worstOrdersOfMoreAndMoreUpdates_looksAtEachAFewTimes(WorstOrder order) {
        for (int updates : new int[] {10_000, 20_000, 40_000}) {
            // A single window is the maximum possible disorder.
            for (int window : new int[] {100, updates}) {
                DeliveryBuffer buffer =
                        new DeliveryBuffer(VersionVector.EMPTY, new DeliveryBuffer.Limits(window, Long.MAX_VALUE));

                assertThat(deliver(order, updates, window, buffer)).isEqualTo(updates);

                // Once when it becomes the head, and once more for each other origin it may wait for.
                assertThat(buffer.looks())
                        .as("looks at %d updates, window %d", updates, window)
                        .isLessThanOrEqualTo((long) updates * WorstOrder.ORIGINS.size());
            }
        }
    }

    private static int deliver(WorstOrder order, int updates, int window, DeliveryBuffer buffer) {
        int delivered = 0;
        int blockSize = window * WorstOrder.ORIGINS.size();
        for (int from = 0; from < updates; from += blockSize) {
            for (Update update : order.block(from, Math.min(from + blockSize, updates))) {
                assertThat(buffer.receive(update, 0)).isNotInstanceOf(Receipt.Refused.class);
                while (buffer.deliverNext() != null) {
                    delivered++;
                }
            }
        }
        return delivered;
    }
}
