package dev.hence.engine.storage;

import static dev.hence.property.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LargeRowsTest {

    private static final byte[] NAME = "name".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "other".getBytes(StandardCharsets.UTF_8);
    private static final int LARGE = LargeRows.BYTES_MIN + 1;

    private final LargeRows rows = new LargeRows(1);
    private final List<Long> claims = new ArrayList<>();

    private void read(byte[] name, int bytes) {
        ScopedValue.where(LargeRows.BUYER, claims::add).run(() -> {
            try (LargeRows.Turn turn = rows.turn(name)) {
                turn.was(bytes);
            }
        });
    }

    @Test
    void turn_rowWasLargeWhenItWasWrittenOrReadLast_isClaimed() {
        read(NAME, LARGE);
        assertThat(claims).as("the size was not known before the read").isEmpty();
        read(NAME, LARGE + 1);
        rows.written(NAME, LARGE + 2);
        read(NAME, 0);
        read(NAME, 0);
        rows.written(OTHER, LARGE - 1);
        read(OTHER, 0);
        assertThat(claims).containsExactly((long) LARGE, LARGE + 2L);
    }

    @Test
    void turn_nobodyBuys_isTakenAtOnce() {
        rows.written(NAME, LARGE);
        try (LargeRows.Turn first = rows.turn(NAME);
                LargeRows.Turn second = rows.turn(NAME)) {
            first.was(LARGE);
            second.was(LARGE);
        }
        assertThat(claims).isEmpty();
    }

    @Test
    void turn_severalThreads_oneAtATime() throws Exception {
        rows.written(NAME, LARGE);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger claimed = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            threads.add(Thread.ofVirtual()
                    .start(() -> ScopedValue.where(LargeRows.BUYER, bytes -> claimed.incrementAndGet())
                            .run(() -> {
                                try (LargeRows.Turn turn = rows.turn(NAME)) {
                                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                    goOn.await();
                                    turn.was(LARGE);
                                    inside.decrementAndGet();
                                } catch (InterruptedException interrupted) {
                                    Thread.currentThread().interrupt();
                                }
                            })));
        }
        eventually("all have claimed, and one reads", () -> claimed.get() == 4 && inside.get() == 1);
        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void turn_noMemory_leavesTheTurnToOthers() {
        rows.written(NAME, LARGE);
        assertThatThrownBy(() -> ScopedValue.where(LargeRows.BUYER, bytes -> {
                            throw new NoRoomException(bytes);
                        })
                        .run(() -> rows.turn(NAME).close()))
                .isInstanceOfSatisfying(
                        NoRoomException.class,
                        none -> assertThat(none.wantedBytes()).isEqualTo(LARGE));
        read(NAME, LARGE);
        assertThat(claims).containsExactly((long) LARGE);
    }
}
