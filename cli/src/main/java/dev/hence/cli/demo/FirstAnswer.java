package dev.hence.cli.demo;

import dev.hence.client.HenceClient;
import dev.hence.client.HenceException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Waits until a node that was just started answers. */
public final class FirstAnswer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ASK_PATIENCE = Duration.ofSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private FirstAnswer() {}

    /**
     * Waits for a minute at most.
     *
     * @param mayCome whether there is still hope
     * @return why there was no answer; empty if there was one
     */
    public static Optional<HenceException> await(String url, BooleanSupplier mayCome) throws InterruptedException {
        long startNanos = System.nanoTime();
        try (HenceClient client = HenceClient.builder()
                .nodes(url)
                .deadline(ASK_PATIENCE)
                .roundsMax(1)
                .build()) {
            while (true) {
                try {
                    client.status();
                    return Optional.empty();
                } catch (HenceException notYet) {
                    if (!mayCome.getAsBoolean() || System.nanoTime() - startNanos > PATIENCE.toNanos()) {
                        return Optional.of(notYet);
                    }
                    Thread.sleep(POLL_INTERVAL);
                }
            }
        }
    }
}
