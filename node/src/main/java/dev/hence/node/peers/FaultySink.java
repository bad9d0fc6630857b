package dev.hence.node.peers;

import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.peers.FaultInjector.Mode;
import dev.hence.node.peers.LinkFaultInjector.Setting;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link segment that can be disturbed: updates that arrive on one stream stay here until the link's mode releases
 * them. Heartbeats bypass it, so a held link looks alive.
 *
 * <p>A separate thread passes the updates on. The sink is bounded; a full one blocks the stream. If passing on fails,
 * the sink closes its stream: the next one brings everything again.
 */
final class FaultySink implements UpdateSink {

    private static final Logger log = LoggerFactory.getLogger(FaultySink.class);

    private static final int HELD_MAX = 10_000;
    private static final long HELD_BYTES_MAX = 32L << 20;

    /** Updates within this interval are close together. */
    private static final long REORDER_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private record Held(Update update, long arrivedNanos) {}

    private final UpdateSink next;
    private final Supplier<Setting> setting;
    private final Runnable closeStream;
    private final Consumer<FaultySink> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Held> held = new ArrayDeque<>();
    private final Thread pump;
    private long heldBytes;
    private boolean broken;

    /**
     * @param setting the current setting of the link
     * @param closeStream ends the stream that brings the updates
     * @param onClose is notified when this sink is closed
     */
    FaultySink(UpdateSink next, Supplier<Setting> setting, Runnable closeStream, Consumer<FaultySink> onClose) {
        this.next = next;
        this.setting = setting;
        this.closeStream = closeStream;
        this.onClose = onClose;
        this.pump = Thread.ofVirtual().name("hence-lab").start(this::pump);
    }

    @Override
    public void accept(List<Frame> frames) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (held.size() >= HELD_MAX || heldBytes >= HELD_BYTES_MAX) {
                requireWhole();
                changed.await();
            }
            requireWhole();
            for (Frame frame : frames) {
                for (Update update : frame.updates()) {
                    held.add(new Held(update, System.nanoTime()));
                    heldBytes += update.sizeBytes();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireWhole() throws IOException {
        if (broken) {
            throw new IOException("earlier updates could not be passed on");
        }
        if (setting.get().mode() == Mode.CUT) {
            throw new IOException("the link is cut");
        }
    }

    @Override
    public boolean isHolding() {
        return next.isHolding();
    }

    @Override
    public boolean isHoldOver() {
        return next.isHoldOver();
    }

    @Override
    public int held() {
        lock.lock();
        try {
            return held.size();
        } finally {
            lock.unlock();
        }
    }

    /** Reads the setting again. */
    void settingChanged() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pump() {
        try {
            while (true) {
                next.accept(Frame.each(takeReleased()));
            }
        } catch (InterruptedException closed) {
            // Updates still here were never received: the next stream brings them again.
        } catch (IOException | RuntimeException | Error failed) {
            log.error("Updates from a link that the lab has changed could not be passed on", failed);
            breakOff();
        }
    }

    private void breakOff() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closeStream.run();
    }

    private List<Update> takeReleased() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Setting now = setting.get();
                long waitNanos = held.isEmpty() ? Long.MAX_VALUE : untilRelease(now);
                if (waitNanos <= 0) {
                    List<Update> released = release(now);
                    changed.signalAll();
                    return released;
                }
                if (waitNanos == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(waitNanos);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private long untilRelease(Setting now) {
        long ageNanos = System.nanoTime() - held.getFirst().arrivedNanos();
        return switch (now.mode()) {
            case OPEN -> 0;
            case HOLD, CUT -> Long.MAX_VALUE;
            case DELAY -> TimeUnit.MILLISECONDS.toNanos(now.delayMillis()) - ageNanos;
            case REORDER -> REORDER_WINDOW_NANOS - ageNanos;
        };
    }

    private List<Update> release(Setting now) {
        List<Update> released = new ArrayList<>();
        do {
            Update update = held.removeFirst().update();
            heldBytes -= update.sizeBytes();
            released.add(update);
        } while (!held.isEmpty() && (now.mode() == Mode.REORDER || untilRelease(now) <= 0));
        if (now.mode() == Mode.REORDER) {
            Collections.reverse(released);
        }
        return released;
    }

    @Override
    public void close() {
        onClose.accept(this);
        pump.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                pump.join();
                break;
            } catch (InterruptedException closing) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        next.close();
    }
}
