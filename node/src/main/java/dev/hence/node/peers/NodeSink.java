package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.replication.FeedBrokenException;
import dev.hence.core.replication.HeldFeed;
import dev.hence.core.replication.Intake;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.node.Node;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.visibility.VisibleClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes updates to the node, and blocks while the node has no room for them: its buffer for the origin is full until
 * something is delivered, or its disk is full until there is room.
 *
 * <p>An update that is too far ahead of the node's wall clock is dropped together with all after it, while the stream
 * is still read for its heartbeats ({@link HeldFeed}).
 */
final class NodeSink implements UpdateSink {

    private static final Logger log = LoggerFactory.getLogger(NodeSink.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration ROOM_MAX = Duration.ofSeconds(30);

    private final Node node;
    private final String through;
    private final Consumer<VersionVector> appliedThere;
    private final HeldUpdates heldUpdates;

    /** Guarded by itself: a lab passes updates on in a separate thread. */
    private final HeldFeed hold;

    private boolean told;

    /**
     * @param through the peer that sends the updates
     * @param appliedThere receives what that peer has applied, as far as its updates show it: dependencies may have to
     *     be requested from it before there is room for the updates
     * @param heldUpdates is notified while the stream waits for time to pass
     */
    NodeSink(Node node, String through, Consumer<VersionVector> appliedThere, HeldUpdates heldUpdates) {
        this.node = node;
        this.through = through;
        this.appliedThere = appliedThere;
        this.heldUpdates = heldUpdates;
        this.hold = new HeldFeed(node.clocks().bound());
    }

    @Override
    public void accept(List<Frame> frames) throws IOException, InterruptedException {
        Intake intake = new Intake(frames);
        appliedThere.accept(intake.appliedThere());
        while (!intake.isEmpty() && !isHolding()) {
            VersionVector before = node.clock();
            boolean again = intake.offered(offer(intake.left()));
            Update ahead = intake.aheadOfTime();
            if (ahead != null) {
                hold(ahead);
            } else if (!again && !intake.isEmpty()) {
                if (intake.isOverdue(System.nanoTime() / 1_000_000, ROOM_MAX.toMillis())) {
                    throw new IOException("no room for its updates for " + ROOM_MAX.toSeconds()
                            + " s (expected: room as soon as updates that others wait for have arrived)");
                }
                awaitRoom(before);
            }
        }
        told = false;
    }

    @Override
    public boolean isHolding() {
        synchronized (hold) {
            return hold.held() != null;
        }
    }

    private void hold(Update ahead) {
        synchronized (hold) {
            hold.hold(ahead);
        }
        heldUpdates.waits(ahead, through);
    }

    @Override
    public boolean isHoldOver() {
        synchronized (hold) {
            Update held = hold.held();
            boolean over = hold.isOver(node.clocks().wallMillis());
            if (over && held != null) {
                heldUpdates.goesOn(held, through);
            } else if (held != null) {
                heldUpdates.waits(held, through);
            }
            return over;
        }
    }

    private void awaitRoom(VersionVector before) throws InterruptedException {
        VisibleClock.View view =
                node.published().await(now -> !now.clock().equals(before) || now.closing(), LOOK_AGAIN);
        if (view.closing()) {
            throw new InterruptedException("the node is shutting down");
        }
    }

    private List<Receipt> offer(List<Frame> frames) throws InterruptedException {
        try {
            List<Receipt> receipts = node.receive(frames, through);
            if (receipts.getLast() instanceof Receipt.Forgotten(Dot seen)) {
                node.identity().renew(seen.replica(), through + " sends an update that has seen " + seen + " of it");
            }
            if (receipts.getLast() instanceof Receipt.Forked(Dot dot)) {
                throw new FeedBrokenException("update " + dot + ": depends on other updates than this node has"
                        + " (expected: every name is used once)");
            }
            return receipts;
        } catch (WriteRefusedException refused) {
            if (!told && refused.reason() != WriteRefusedException.Reason.CLOSING) {
                log.warn("Updates from {} wait: {}", through, refused.getMessage());
                told = true;
            }
            return List.of();
        }
    }

    @Override
    public int held() {
        return 0;
    }

    @Override
    public void close() {}
}
