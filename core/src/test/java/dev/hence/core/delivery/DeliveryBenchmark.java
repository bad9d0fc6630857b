package dev.hence.core.delivery;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;

/**
 * Prints how long the delivery of 250,000, 500,000 and 1,000,000 updates of three origins takes in the worst orders
 * of arrival. Making the updates is not counted.
 *
 * <pre>{@code
 * ./mvnw -q -pl core test-compile
 * java -Xmx4g -cp core/target/classes:core/target/test-classes dev.hence.core.delivery.DeliveryBenchmark
 * }</pre>
 */
final class DeliveryBenchmark {

    private static final int[] UPDATES = {250_000, 500_000, 1_000_000};
    private static final int[] WINDOWS = {1_000, 50_000, 400_000};
    private static final int ROUNDS = 3;

    private DeliveryBenchmark() {}

    public static void main(String[] arguments) {
        System.out.printf("%-36s %8s %10s %8s %8s %8s%n", "order", "window", "updates", "ms", "ns each", "looks");
        for (WorstOrder order : WorstOrder.values()) {
            run(order, 1_000, 250_000);
            for (int window : WINDOWS) {
                for (int updates : UPDATES) {
                    print(order, window, updates);
                }
            }
        }
    }

    private static void print(WorstOrder order, int window, int updates) {
        Result best = run(order, window, updates);
        for (int round = 1; round < ROUNDS; round++) {
            Result again = run(order, window, updates);
            best = again.nanos() < best.nanos() ? again : best;
        }
        System.out.printf(
                "%-36s %8d %10d %8d %8d %8.2f%n",
                order.title,
                window,
                updates,
                best.nanos() / 1_000_000,
                best.nanos() / updates,
                (double) best.looks() / updates);
    }

    private record Result(long nanos, long looks) {}

    private static Result run(WorstOrder order, int window, int updates) {
        DeliveryBuffer buffer =
                new DeliveryBuffer(VersionVector.EMPTY, new DeliveryBuffer.Limits(window, Long.MAX_VALUE));
        int blockSize = window * WorstOrder.ORIGINS.size();
        int delivered = 0;
        long nanos = 0;
        for (int from = 0; from < updates; from += blockSize) {
            Iterable<Update> block = order.block(from, Math.min(from + blockSize, updates));
            long start = System.nanoTime();
            for (Update update : block) {
                buffer.receive(update, 0);
                while (buffer.deliverNext() != null) {
                    delivered++;
                }
            }
            nanos += System.nanoTime() - start;
        }
        if (delivered != updates) {
            throw new IllegalStateException("delivered: " + delivered + " (expected: " + updates + ")");
        }
        return new Result(nanos, buffer.looks());
    }
}
