package dev.hence.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The latest failure of a call at each node; one of them is thrown at the end. Not thread-safe. */
final class Failures {

    private final Map<Node, HenceException> latestByNode = new LinkedHashMap<>();
    private @Nullable HenceException latest;

    void add(Node node, HenceException failure) {
        latestByNode.remove(node);
        latestByNode.put(node, failure);
        latest = failure;
    }

    /**
     * What to throw when no node is left to try: the latest refusal, for a node that answers says more than
     * one that cannot be reached; the failures at the other nodes go with it.
     */
    HenceException toThrow() {
        HenceException chosen = latest;
        for (HenceException failure : latestByNode.values()) {
            if (failure.status() != 0) {
                chosen = failure;
            }
        }
        if (chosen == null) {
            throw new IllegalStateException("nothing failed");
        }
        return withTheOthers(chosen);
    }

    /** The failure given, with those at the other nodes. */
    HenceException withTheOthers(HenceException chosen) {
        for (HenceException failure : latestByNode.values()) {
            if (failure != chosen) {
                chosen.addSuppressed(failure);
            }
        }
        return chosen;
    }
}
