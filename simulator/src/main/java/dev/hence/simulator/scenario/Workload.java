package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.world.Chance;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The workload of a scenario: few keys and many writers, so that writes conflict. */
final class Workload {
    private final Chance chance;
    private final int nodes;
    private final int clients;
    private final long endMillis;
    private final int keys;
    private final double reading;
    /** Without deletes a history can be checked for causal convergence. */
    private final boolean deleting;

    private final boolean batching;
    private final TypedWorkload typed;

    Workload(Chance chance, TypedWorkload typed, int nodes, int clients, long endMillis) {
        this.chance = chance;
        this.nodes = nodes;
        this.clients = clients;
        this.endMillis = endMillis;
        this.keys = (int) chance.between(1, 8);
        this.reading = 0.2 + chance.unit() * 0.5;
        this.deleting = chance.happens(0.5);
        this.batching = chance.happens(0.7);
        this.typed = typed;
    }

    /** The behaviour of a client. */
    private record Habit(boolean inSession, int home, double moving) {}

    void addTo(List<Step> steps) {
        int id = 0;
        for (int client = 0; client < clients; client++) {
            Habit habit = new Habit(chance.happens(0.75), chance.below(nodes), chance.happens(0.4) ? 0 : chance.unit());
            long requests = chance.between(1, chance.happens(0.2) ? 120 : 40);
            for (long i = 0; i < requests; i++) {
                steps.add(ask(id++, client, habit));
            }
        }
    }

    private Step.Ask ask(int id, int client, Habit habit) {
        boolean reads = chance.happens(reading);
        Set<String> some = someKeys();
        List<Command> writes = new ArrayList<>();
        if (!reads) {
            List<Command> deletes = new ArrayList<>();
            for (String key : some) {
                if (deleting && chance.happens(0.25)) {
                    deletes.add(new Command.Delete(key));
                } else {
                    writes.add(new Command.Set(key, "v" + id));
                }
            }
            writes.addAll(deletes);
        }
        List<String> read = new ArrayList<>(reads ? some : Set.of());
        if (typed.isNext()) {
            if (!typed.joins()) {
                read.clear();
                writes.clear();
            }
            if (reads) {
                read.addAll(typed.reads());
            } else {
                writes.addAll(typed.writes(id));
            }
        }
        return new Step.Ask(
                // Bursts: many requests at few moments.
                chance.happens(0.3) ? endMillis / 8 * chance.between(1, 7) : chance.between(1, endMillis - 100),
                id,
                client,
                habit.inSession(),
                chance.happens(habit.moving()) ? chance.below(nodes) : habit.home(),
                List.copyOf(read),
                List.copyOf(writes),
                (int) chance.between(0, 2));
    }

    private Set<String> someKeys() {
        Set<String> some = new LinkedHashSet<>();
        long count = batching && chance.happens(0.3) ? chance.between(2, 4) : 1;
        for (long i = 0; i < count; i++) {
            some.add(String.valueOf((char) ('a' + chance.below(keys))));
        }
        return some;
    }
}
