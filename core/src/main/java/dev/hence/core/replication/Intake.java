package dev.hence.core.replication;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one stream that the node has not accepted yet, because it had no room for them. While there are any,
 * nothing more is read from the stream; other streams continue.
 *
 * <p>The wait is limited, because a stream that is not read does not notice the end of its peer. The updates that it
 * waits for may be lost everywhere; the peer may have come back without them, under another incarnation, which only
 * another request finds.
 *
 * <p>Not thread-safe: it belongs to its stream.
 */
public final class Intake {
    private List<Frame> left;
    private @Nullable Update aheadOfTime;
    private int waiting;
    private long sinceMillis;

    /** @param frames of one origin, at least one */
    public Intake(List<Frame> frames) {
        this.left = List.copyOf(frames);
    }

    /**
     * The updates that the sending peer has applied, as implied by these: their dependencies may have to be requested
     * from that peer before there is room for them here.
     */
    public VersionVector appliedThere() {
        // An origin's contexts only grow, so these two cover all others, in either order.
        return left.getFirst().last().clock().join(left.getLast().last().clock());
    }

    /** Whether all updates were accepted. */
    public boolean isEmpty() {
        return left.isEmpty();
    }

    /**
     * The update that the node does not accept before time has passed, nor any after it, nor those that arrived in one
     * frame with it; null if there is none. The remaining updates are then not offered again, but dropped ({@link HeldFeed}).
     */
    public @Nullable Update aheadOfTime() {
        return aheadOfTime;
    }

    /**
     * Whether the frames have waited for so long that the stream is to be ended and requested again. Called before each
     * wait.
     *
     * @param millis a monotonic clock
     * @param waitMillisMax how long they wait while none of them is accepted
     */
    public boolean isOverdue(long millis, long waitMillisMax) {
        if (waiting != left.size()) {
            waiting = left.size();
            sinceMillis = millis;
        }
        return millis - sinceMillis > waitMillisMax;
    }

    /** Returns the frames to offer to the node. */
    public List<Frame> left() {
        return left;
    }

    /**
     * Records the result of an offer.
     *
     * @param receipts one per examined frame; only the last can be of a frame that was not accepted. Empty if the
     *     node accepted nothing. After {@link Receipt.Forgotten} the node has taken a new incarnation
     * @return whether to offer the remaining updates at once; if not, there is no room for them before the node's clock
     *     has grown
     */
    public boolean offered(List<Receipt> receipts) {
        Receipt last = receipts.isEmpty() ? new Receipt.Refused() : receipts.getLast();
        int taken = receipts.isEmpty() || last.isTaken() ? receipts.size() : receipts.size() - 1;
        List<Frame> rest = left.subList(taken, left.size());
        if (rest.isEmpty()) {
            left = rest;
            return false;
        }
        // The frame with the next update of its origin is always accepted, so it must come first; a faulty link may
        // have reordered them.
        List<Frame> ordered = rest.stream()
                .sorted(Comparator.comparing(frame -> frame.first().dot()))
                .toList();
        left = ordered;
        boolean first =
                ordered.getFirst().first().dot().equals(rest.getFirst().first().dot());
        if (first && last instanceof Receipt.AheadOfTime) {
            aheadOfTime = ordered.getFirst().last();
        }
        return last instanceof Receipt.Forgotten || !first;
    }
}
