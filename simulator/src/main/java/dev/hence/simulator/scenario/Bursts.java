package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.world.Chance;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that write to one node at the same moments. The node stores several of their writes as one group, and they
 * travel in one frame.
 */
final class Bursts {
    private final Chance chance;
    private final int nodes;
    private final long endMillis;
    private final int clients;
    private final List<String> keys;

    Bursts(Chance chance, int nodes, long endMillis) {
        this.chance = chance;
        this.nodes = nodes;
        this.endMillis = endMillis;
        this.clients = chance.happens(0.5) ? (int) chance.between(2, 5) : 0;
        this.keys = List.of("a", "b", "c").subList(0, (int) chance.between(1, 3));
    }

    /** The number of clients that write in bursts; often there are none. */
    int clients() {
        return clients;
    }

    /**
     * Returns their requests.
     *
     * @param firstClient the number of the first of the clients
     * @param firstId the first free name of a step
     */
    List<Step> steps(int firstClient, int firstId) {
        List<Step> steps = new ArrayList<>();
        if (clients == 0) {
            return steps;
        }
        for (long left = chance.between(1, 6); left > 0; left--) {
            long atMillis = chance.between(1, endMillis - 100);
            int node = chance.below(nodes);
            for (int client = 0; client < clients; client++) {
                for (long writes = chance.between(1, 3); writes > 0; writes--) {
                    int id = firstId + steps.size();
                    List<Command> set = List.of(new Command.Set(chance.oneOf(keys), "v" + id));
                    boolean inSession = chance.happens(0.5);
                    steps.add(new Step.Ask(atMillis, id, firstClient + client, inSession, node, List.of(), set, 0));
                }
            }
        }
        return steps;
    }
}
