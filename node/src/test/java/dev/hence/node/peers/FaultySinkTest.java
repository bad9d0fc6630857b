package dev.hence.node.peers;

import static dev.hence.property.Eventually.eventually;
import static dev.hence.property.Eventually.isStuck;
import static dev.hence.property.Eventually.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.node.peers.FaultInjector.Mode;
import dev.hence.node.peers.LinkFaultInjector.Setting;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultySinkTest {

    private static final ReplicaId ORIGIN = new ReplicaId("node1", 1);

    /** Records updates in their order of arrival. */
    private static final class Collected implements UpdateSink {
        final List<Long> counters = new CopyOnWriteArrayList<>();
        volatile boolean broken;
        volatile boolean closed;

        @Override
        public void accept(List<Frame> frames) {
            if (broken) {
                throw new IllegalStateException("a test wants it");
            }
            frames.forEach(frame ->
                    frame.updates().forEach(update -> counters.add(update.dot().counter())));
        }

        @Override
        public boolean isHolding() {
            return false;
        }

        @Override
        public boolean isHoldOver() {
            return false;
        }

        @Override
        public int held() {
            return 0;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Collected collected = new Collected();
    private final AtomicInteger streamCloses = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private volatile Setting setting = Setting.OPEN;
    private final FaultySink sink =
            new FaultySink(collected, () -> setting, streamCloses::incrementAndGet, closed -> closes.incrementAndGet());

    @AfterEach
    void close() {
        sink.close();
    }

    private void set(Mode mode, int delayMillis) {
        setting = new Setting(mode, delayMillis);
        sink.settingChanged();
    }

    private static List<Frame> updates(long from, long to, int bytes) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(counter -> Frame.of(Update.of(
                        new Dot(ORIGIN, counter),
                        VersionVector.EMPTY.with(ORIGIN, counter - 1),
                        counter,
                        List.of(new Operation.SetString(Bytes.utf8("x"), Bytes.wrap(new byte[bytes]))))))
                .toList();
    }

    private static Thread start(FutureTask<?> task) {
        return Thread.ofVirtual().start(task);
    }

    @Test
    void open_handsOnInOrder() throws Exception {
        sink.accept(updates(1, 3, 1));
        sink.accept(updates(4, 5, 1));
        eventually("all came", () -> collected.counters.size() == 5);
        assertThat(collected.counters).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void hold_keepsAllUntilTheModeChanges() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 3, 1));
        assertThat(sink.held()).isEqualTo(3);
        assertThat(collected.counters).isEmpty();
        set(Mode.OPEN, 0);
        eventually("all came", () -> collected.counters.size() == 3);
        assertThat(sink.held()).isZero();
    }

    @Test
    void delay_handsEachOnWhenItsTimeHasCome() throws Exception {
        set(Mode.DELAY, 50);
        long before = System.nanoTime();
        sink.accept(updates(1, 2, 1));
        eventually("all came", () -> collected.counters.size() == 2);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000L);
        assertThat(collected.counters).containsExactly(1L, 2L);
        set(Mode.DELAY, 3_600_000);
        sink.accept(updates(3, 3, 1));
        set(Mode.OPEN, 0);
        eventually("a changed mode holds for what is there", () -> collected.counters.size() == 3);
    }

    @Test
    void reorder_turnsRoundWhatComesTogether() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 4, 1));
        set(Mode.REORDER, 0);
        eventually("all came", () -> collected.counters.size() == 4);
        assertThat(collected.counters).containsExactly(4L, 3L, 2L, 1L);
    }

    @Test
    void full_byCount_stopsTheStreamUntilThereIsRoom() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 10_000, 1));
        assertStopsUntilOpened(10_001, 1);
    }

    @Test
    void full_byBytes_stopsTheStreamUntilThereIsRoom() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 40, 1 << 20));
        assertStopsUntilOpened(41, 1 << 20);
    }

    private void assertStopsUntilOpened(long next, int bytes) throws Exception {
        FutureTask<String> more = new FutureTask<>(() -> {
            sink.accept(updates(next, next, bytes));
            return "taken";
        });
        Thread stream = start(more);
        eventually("the stream waits", () -> isStuck(stream));
        assertThat(sink.held()).isEqualTo((int) next - 1);
        assertThat(more.isDone()).isFalse();
        set(Mode.OPEN, 0);
        assertThat(outcome(more)).isEqualTo("taken");
        eventually("all came", () -> collected.counters.size() == next);
    }

    @Test
    void cut_takesNothingNotEvenFromAStreamThatWaits() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 10_000, 1));
        FutureTask<String> more = new FutureTask<>(() -> {
            sink.accept(updates(10_001, 10_001, 1));
            return "taken";
        });
        Thread stream = start(more);
        eventually("the stream waits", () -> isStuck(stream));
        set(Mode.CUT, 0);
        assertThatThrownBy(() -> outcome(more)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> sink.accept(updates(10_001, 10_001, 1))).isInstanceOf(IOException.class);
        assertThat(collected.counters).isEmpty();
    }

    @Test
    void close_dropsWhatIsHeldForTheNextStreamToBringAgain() throws Exception {
        set(Mode.HOLD, 0);
        sink.accept(updates(1, 3, 1));
        sink.close();
        set(Mode.OPEN, 0);
        assertThat(collected.counters).isEmpty();
        assertThat(collected.closed).isTrue();
        assertThat(closes).hasPositiveValue();
    }

    @Test
    void accept_whenTheNextCannotTakeIt_closesTheStreamInsteadOfLosingIt() throws Exception {
        collected.broken = true;
        sink.accept(updates(1, 1, 1));
        eventually("the stream was closed", () -> streamCloses.get() == 1);
        collected.broken = false;
        assertThatThrownBy(() -> sink.accept(updates(2, 2, 1))).isInstanceOf(IOException.class);
        assertThat(collected.counters).isEmpty();
    }
}
