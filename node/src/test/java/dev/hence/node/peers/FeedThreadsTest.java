package dev.hence.node.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.property.Eventually;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FeedThreadsTest {

    private final FeedThreads threads = new FeedThreads(1);
    private final AtomicReference<Thread> ranOn = new AtomicReference<>();

    @Test
    void run_threadIsFree_runsOnAPlatformThreadOfThatName() throws Exception {
        Thread caller = Thread.ofVirtual().start(() -> quietly(() -> threads.run("node2", this::note)));
        caller.join();
        assertThat(ranOn.get().isVirtual()).isFalse();
        assertThat(ranOn.get().getName()).isEqualTo("hence-feed-node2");
        assertThat(ranOn.get().isAlive()).isFalse();
    }

    @Test
    void run_noThreadIsFree_runsOnTheCallers() throws Exception {
        threads.run("node2", () -> {
            threads.run("node3", this::note);
            assertThat(ranOn).hasValue(Thread.currentThread());
        });
        threads.run("node4", this::note);
        assertThat(ranOn.get().getName()).isEqualTo("hence-feed-node4");
    }

    @Test
    void run_fails_throwsTheSameAndFreesTheThread() throws Exception {
        IOException gone = new IOException("gone");
        IllegalStateException bug = new IllegalStateException("bug");
        OutOfMemoryError noMemory = new OutOfMemoryError();
        assertThatThrownBy(() -> threads.run("node2", () -> {
                    throw gone;
                }))
                .isSameAs(gone);
        assertThatThrownBy(() -> threads.run("node2", () -> {
                    throw bug;
                }))
                .isSameAs(bug);
        assertThatThrownBy(() -> threads.run("node2", () -> {
                    throw noMemory;
                }))
                .isSameAs(noMemory);
        threads.run("node2", this::note);
        assertThat(ranOn.get()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void run_callerIsInterrupted_streamIsInterruptedAndHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                threads.run("node2", () -> {
                    note();
                    begun.countDown();
                    new CountDownLatch(1).await();
                });
            } catch (IOException | InterruptedException ended) {
                thrown.set(ranOn.get().isAlive() ? new AssertionError("the stream goes on") : ended);
            }
        });
        assertThat(begun.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        assertThat(caller.join(Eventually.LIMIT)).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private void note() {
        ranOn.set(Thread.currentThread());
    }

    private static void quietly(FeedThreads.Stream stream) {
        try {
            stream.run();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
