package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * The causal delivery rule, on which everything else is built:
 *
 * <blockquote>
 * an update with dot <i>(j, n)</i> may be delivered at a node with clock <i>V</i> iff<br>
 * {@code n == V[j] + 1} (it is the next one of its origin) and<br>
 * {@code context <= V} (everything that happened before it has been delivered here).
 * </blockquote>
 *
 * <p>In the classic form, with <i>m.VC</i> = context plus dot: {@code m.VC[j] == V[j] + 1} and {@code
 * m.VC[k] <= V[k]} for all {@code k != j}. Birman, Schiper, Stephenson: Lightweight Causal and Atomic
 * Group Multicast (ACM TOCS 1991).
 */
public final class DeliveryRule {

    private DeliveryRule() {}

    /** Whether the update may be delivered at a node with this clock. */
    public static boolean deliverable(Update update, VersionVector clock) {
        Dot dot = update.dot();
        return dot.counter() == clock.get(dot.replica()) + 1 && clock.descends(update.context());
    }

    /** Whether the update was delivered before at a node with this clock. */
    public static boolean duplicate(Update update, VersionVector clock) {
        return clock.contains(update.dot());
    }

    /**
     * Returns one dot that must be delivered at a node with this clock before the update; null if there is none.
     *
     * <p>The context holds the origin's previous update, so this covers both halves of the rule.
     */
    static @Nullable Dot firstMissing(Update update, VersionVector clock) {
        return clock.firstMissing(update.context());
    }
}
