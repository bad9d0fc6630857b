package dev.hence.node.visibility;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.time.Duration;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Readers against the writer that publishes, in very many interleavings. A reader that is never woken hangs the run.
 */
final class VisibleClockInterleavingTest {

    private static final int INTERLEAVINGS = 1_000;
    private static final VersionVector ZERO = VersionVector.EMPTY;
    private static final ReplicaId WRITER = new ReplicaId("a", 1);
    private static final VersionVector ONE = ZERO.with(WRITER, 1);
    private static final VersionVector TWO = ZERO.with(WRITER, 2);

    private static VisibleClock clock() {
        return new VisibleClock(new VisibleClock.View(ZERO, ZERO, 0, 0, false));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void reaching_whileTheWriterPublishes_hasTheClockOfThePosition() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            VisibleClock visible = clock();
            long[] seen = new long[1];
            Thread reader =
                    new Thread(() -> seen[0] = visible.reaching(1).clock().get(WRITER));
            reader.start();
            visible.committed(ONE, false, 1, 1);
            visible.committed(TWO, false, 2, 2);
            join(reader);
            if (seen[0] < 1) {
                throw new AssertionError("updates: " + seen[0] + " (expected: at least 1, those at the position)");
            }
        });
    }

    @Test
    void await_ofAClock_isWokenByTheWriter() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            VisibleClock visible = clock();
            long[] seen = new long[1];
            Thread reader = new Thread(() -> seen[0] = awaited(visible));
            reader.start();
            visible.committed(ONE, true, 1, 1);
            join(reader);
            if (seen[0] != 1) {
                throw new AssertionError("updates: " + seen[0] + " (expected: 1)");
            }
        });
    }

    private static long awaited(VisibleClock visible) {
        try {
            return visible.await(view -> view.position() == 1, Duration.ofDays(1))
                    .clock()
                    .get(WRITER);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void await_whileTheNodeFails_ends() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
            VisibleClock visible = clock();
            boolean[] closing = new boolean[1];
            Thread reader = new Thread(() -> closing[0] = awaitsTheEnd(visible));
            reader.start();
            visible.broken();
            join(reader);
            if (!closing[0]) {
                throw new AssertionError("closing: false (expected: true, the node has failed)");
            }
        });
    }

    private static boolean awaitsTheEnd(VisibleClock visible) {
        try {
            return visible.await(VisibleClock.View::closing, Duration.ofDays(1)).closing();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
