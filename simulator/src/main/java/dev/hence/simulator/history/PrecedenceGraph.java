package dev.hence.simulator.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The precedence graph: transactions as nodes, reasons for their order as edges. */
final class PrecedenceGraph {
    /** Why one transaction comes before another. */
    enum Reason {
        /** They follow each other in a session. */
        SESSION(0, "then in its session"),
        /** The second reads a write of the first. */
        READ(1, "is read by"),
        /** A transaction with the first's write in its past read the second's write instead. */
        CONFLICT(2, "is overwritten by");

        final int code;
        final String words;

        Reason(int code, String words) {
            this.code = code;
            this.words = words;
        }

        static Reason of(int code) {
            return switch (code) {
                case 0 -> SESSION;
                case 1 -> READ;
                default -> CONFLICT;
            };
        }
    }

    /**
     * @param witness the transaction whose read shows it; -1 if it needs none
     */
    record Edge(int from, int to, Reason reason, int witness) {}

    /** The maximum number of edges examined to find a cycle that is easy to understand. */
    private static final long LOOKS_MAX = 50_000_000;

    private final int nodes;
    private final IntList from = new IntList();
    private final IntList to = new IntList();
    private final IntList reasons = new IntList();
    private final IntList witnesses = new IntList();

    PrecedenceGraph(int nodes) {
        this.nodes = nodes;
    }

    void add(int before, int after, Reason reason, int witness) {
        from.add(before);
        to.add(after);
        reasons.add(reason.code);
        witnesses.add(witness);
    }

    private Edge edge(int index) {
        return new Edge(from.get(index), to.get(index), Reason.of(reasons.get(index)), witnesses.get(index));
    }

    /** Returns the nodes in topological order, up to the first cycle. (Kahn 1962.) */
    int[] order() {
        return order(from, to);
    }

    private int[] order(IntList earlier, IntList later) {
        Grouping outgoing = new Grouping(nodes, earlier);
        int[] waiting = new int[nodes];
        for (int e = 0; e < later.size(); e++) {
            waiting[later.get(e)]++;
        }
        int[] order = new int[nodes];
        int ready = 0;
        for (int node = 0; node < nodes; node++) {
            if (waiting[node] == 0) {
                order[ready++] = node;
            }
        }
        for (int done = 0; done < ready; done++) {
            int node = order[done];
            for (int i = outgoing.from(node); i < outgoing.to(node); i++) {
                int after = later.get(outgoing.item(i));
                if (--waiting[after] == 0) {
                    order[ready++] = after;
                }
            }
        }
        return Arrays.copyOf(order, ready);
    }

    /** Returns a shortest path from one node to another by sessions and reads; null if there is none. */
    @Nullable
    List<Edge> causalPath(int start, int end) {
        boolean[] everywhere = new boolean[nodes];
        Arrays.fill(everywhere, true);
        return path(new Grouping(nodes, from), start, end, everywhere, false);
    }

    private @Nullable List<Edge> path(Grouping outgoing, int start, int end, boolean[] within, boolean conflicts) {
        int[] reachedBy = new int[nodes];
        Arrays.fill(reachedBy, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int i = outgoing.from(node); i < outgoing.to(node); i++) {
                int e = outgoing.item(i);
                int after = to.get(e);
                boolean allowed = conflicts || reasons.get(e) != Reason.CONFLICT.code;
                if (allowed && within[after] && reachedBy[after] < 0) {
                    reachedBy[after] = e;
                    if (after == end) {
                        return wayTo(end, start, reachedBy);
                    }
                    queue.add(after);
                }
            }
        }
        return null;
    }

    private List<Edge> wayTo(int end, int start, int[] reachedBy) {
        List<Edge> way = new ArrayList<>();
        int node = end;
        do {
            Edge edge = edge(reachedBy[node]);
            way.add(edge);
            node = edge.from();
        } while (node != start);
        Collections.reverse(way);
        return way;
    }

    /**
     * Returns a short cycle among the nodes that {@link #order} could not order; with a single conflict if there is
     * one.
     */
    List<Edge> cycle() {
        boolean[] cyclic = cyclic();
        Grouping outgoing = new Grouping(nodes, from);
        long tries = 20 + LOOKS_MAX / (from.size() + nodes + 1);
        List<Edge> best = shortestWithOneConflict(outgoing, cyclic, tries);
        for (int node = 0; best == null && node < nodes; node++) {
            best = cyclic[node] ? shortestFrom(outgoing, node, cyclic, tries) : null;
        }
        if (best == null) {
            throw new IllegalStateException("no cycle (expected: one, as not all could be ordered)");
        }
        return best;
    }

    private @Nullable List<Edge> shortestWithOneConflict(Grouping outgoing, boolean[] cyclic, long triesMax) {
        List<Edge> best = null;
        long tries = triesMax;
        for (int e = 0; e < from.size() && tries > 0; e++) {
            Edge edge = edge(e);
            if (edge.reason() == Reason.CONFLICT && cyclic[edge.from()] && cyclic[edge.to()]) {
                tries--;
                List<Edge> back = path(outgoing, edge.to(), edge.from(), cyclic, false);
                if (back != null && (best == null || back.size() + 1 < best.size())) {
                    best = new ArrayList<>(back);
                    best.add(edge);
                }
            }
        }
        return best;
    }

    /** A node between two cycles may not be on one, but every path from it leads to one that is. */
    private @Nullable List<Edge> shortestFrom(Grouping outgoing, int first, boolean[] cyclic, long triesMax) {
        boolean[] met = new boolean[nodes];
        int node = first;
        while (!met[node]) {
            met[node] = true;
            node = next(outgoing, node, cyclic);
        }
        List<Edge> best = path(outgoing, node, node, cyclic, true);
        long tries = triesMax;
        for (int other = 0; other < nodes && tries > 0; other++) {
            if (cyclic[other]) {
                tries--;
                List<Edge> found = path(outgoing, other, other, cyclic, true);
                best = best == null || (found != null && found.size() < best.size()) ? found : best;
            }
        }
        return best;
    }

    private int next(Grouping outgoing, int node, boolean[] within) {
        for (int i = outgoing.from(node); i < outgoing.to(node); i++) {
            int after = to.get(outgoing.item(i));
            if (within[after]) {
                return after;
            }
        }
        throw new IllegalStateException("node " + node + " leads nowhere (expected: to a cycle)");
    }

    /** The nodes on cycles or between them: neither before nor after all of them. */
    private boolean[] cyclic() {
        boolean[] left = new boolean[nodes];
        Arrays.fill(left, true);
        for (int node : order(from, to)) {
            left[node] = false;
        }
        for (int node : order(to, from)) {
            left[node] = false;
        }
        return left;
    }
}
