package dev.hence.core.replication;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.update.Update;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Updates that arrived on one stream and that the node has not received yet, because it had no room for them. While
 * there are any, nothing more is read from the stream; other streams continue.
 *
 * <p>Not thread-safe: it belongs to its stream.
 */
public final class Intake {
    private List<Update> left;
    private @Nullable Update aheadOfTime;

    /** @param updates of one origin, at least one */
    public Intake(List<Update> updates) {
        this.left = List.copyOf(updates);
    }

    /**
     * What the peer that sent these has applied, as far as they show it: what they depend on may have to be asked
     * from that peer before there is room for them here.
     */
    public VersionVector appliedThere() {
        // An origin's contexts grow, so these two hold all others, whichever way round they are.
        return left.getFirst().clock().join(left.getLast().clock());
    }

    /** Whether all were taken. */
    public boolean isEmpty() {
        return left.isEmpty();
    }

    /**
     * The update that the node does not take before time has passed, and nothing after it either; null if there is
     * none. What is left then is not offered again, but let go ({@link HeldFeed}).
     */
    public @Nullable Update aheadOfTime() {
        return aheadOfTime;
    }

    /** What to offer to the node. */
    public List<Update> left() {
        return left;
    }

    /**
     * Records the outcome of an offer.
     *
     * @param receipts one for each update that was looked at; one that was not taken is the last. Empty if the node
     *     took nothing. After {@link Receipt.Forgotten} the node has taken a new incarnation
     * @return whether what is left is to be offered at once; if not, there is no room for it before the node's
     *     clock has grown
     */
    public boolean offered(List<Receipt> receipts) {
        Receipt last = receipts.isEmpty() ? new Receipt.Refused() : receipts.getLast();
        int taken = receipts.isEmpty() || last.isTaken() ? receipts.size() : receipts.size() - 1;
        List<Update> rest = left.subList(taken, left.size());
        if (rest.isEmpty()) {
            left = rest;
            return false;
        }
        // The next one of its origin is always taken, so it has to come first; a disturbed link may have turned
        // them round.
        List<Update> ordered =
                rest.stream().sorted(Comparator.comparing(Update::dot)).toList();
        left = ordered;
        boolean first = ordered.getFirst().dot().equals(rest.getFirst().dot());
        if (first && last instanceof Receipt.AheadOfTime) {
            aheadOfTime = ordered.getFirst();
        }
        return last instanceof Receipt.Forgotten || !first;
    }
}
