package dev.hence.core.delivery;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The worst arrival orders of the updates of three origins that write in turn, each having seen all earlier updates.
 *
 * <p>All updates form one chain, so each delivery unblocks at most one update, of another origin. They arrive in blocks
 * of one window per origin, and the first update of the chain arrives last: until then no update of a block is
 * deliverable.
 */
enum WorstOrder {

    /** The whole block backwards. */
    REVERSED("reversed within the window") {
        @Override
        List<Update> arrange(List<Update> chain) {
            return chain.reversed();
        }
    },

    /** Each origin's updates in order, the last origin of the chain first. */
    ORIGIN_BY_ORIGIN("origin after origin, each in order") {
        @Override
        List<Update> arrange(List<Update> chain) {
            List<Update> arrival = new ArrayList<>();
            for (int origin = ORIGINS.size() - 1; origin >= 0; origin--) {
                for (int i = origin; i < chain.size(); i += ORIGINS.size()) {
                    arrival.add(chain.get(i));
                }
            }
            return arrival;
        }
    },

    /** Backwards for each origin, while updates written in one turn arrive in order. */
    TURNS_REVERSED("turns reversed, each in order") {
        @Override
        List<Update> arrange(List<Update> chain) {
            List<Update> arrival = new ArrayList<>(chain);
            for (int at = 0; at < arrival.size(); at += ORIGINS.size()) {
                Collections.reverse(arrival.subList(at, Math.min(at + ORIGINS.size(), arrival.size())));
            }
            return arrival.reversed();
        }
    };

    static final List<ReplicaId> ORIGINS =
            List.of(new ReplicaId("node1", 1), new ReplicaId("node2", 2), new ReplicaId("node3", 3));

    private static final List<Operation> OPERATIONS =
            List.of(new Operation.SetString(Bytes.utf8("key"), Bytes.utf8("value")));

    final String title;

    WorstOrder(String title) {
        this.title = title;
    }

    abstract List<Update> arrange(List<Update> chain);

    /** The updates of the chain from one position to another, in their order of arrival. */
    List<Update> block(int from, int to) {
        List<Update> chain = new ArrayList<>(to - from);
        for (int at = from; at < to; at++) {
            chain.add(update(at));
        }
        return arrange(chain);
    }

    // Each is built from scratch, so that contexts share no arrays with each other or with the clock, as if received
    // over a network.
    private static Update update(int at) {
        VersionVector context = VersionVector.EMPTY;
        for (int origin = 0; origin < ORIGINS.size(); origin++) {
            int counter = (at + ORIGINS.size() - 1 - origin) / ORIGINS.size();
            context = context.with(ORIGINS.get(origin), counter);
        }
        Dot dot = context.next(ORIGINS.get(at % ORIGINS.size()));
        return Update.of(dot, context, at + 1, OPERATIONS);
    }
}
