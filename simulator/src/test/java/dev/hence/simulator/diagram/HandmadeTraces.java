package dev.hence.simulator.diagram;

import static dev.hence.simulator.diagram.TraceBuilder.set;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Event.Receipt;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Traces like those that the simulator finds, each with its violation. */
enum HandmadeTraces {
    /** An effect overtakes its cause and waits for it; then another node shows an effect without waiting. */
    CAUSAL_CHAIN("causal delivery: node3 applied node2~0000000000000001:2 without node1~0000000000000001:2") {
        @Override
        List<Event> events() {
            TraceBuilder trace = new TraceBuilder(3);
            TracedUpdate a = trace.at(1).write(1, "", 0, 1, set("x", "A"));
            trace.at(3).arrives(1, 0, a);
            TracedUpdate b = trace.at(4).write(2, "", 1, 1, set("y", "B"), a);
            trace.at(5).received(2, 1, b, Receipt.BUFFERED);
            trace.at(6);
            trace.reads(trace.asksToRead(3, "", 2, "x", "y"), null, null);
            trace.at(8).received(2, 0, a, Receipt.DELIVERED);
            trace.applied(2, a);
            trace.applied(2, b);
            trace.committed(2, a, b);
            trace.at(9).received(0, 1, b, Receipt.DELIVERED);
            trace.applied(0, b);
            trace.committed(0, b);
            TracedUpdate c = trace.at(10).write(1, "", 0, 2, set("x", "C"), b);
            trace.at(11).arrives(1, 0, c);
            TracedUpdate d = trace.at(12).write(2, "", 1, 2, set("y", "D"), c);
            trace.at(12.8).received(0, 1, b, Receipt.DUPLICATE);
            trace.at(13).received(2, 1, d, Receipt.DELIVERED);
            trace.applied(2, d);
            return trace.events();
        }
    },

    /** The power fails before the disk is forced, and the node goes on under the same identity. */
    REUSED_DOT("unique dots: node1~0000000000000001:2 was made twice, as x=B and as x=C") {
        @Override
        List<Event> events() {
            TraceBuilder trace = new TraceBuilder(3);
            TracedUpdate a = trace.at(1).write(1, "", 0, 1, set("x", "A"));
            trace.at(2).arrives(1, 0, a);
            Request request = trace.at(3).asksToWrite(1, "", 0, set("x", "B"));
            TracedUpdate b = trace.made(request, 2);
            trace.stored(0, b);
            trace.published(0, b);
            trace.told(request, b);
            trace.at(4).arrives(1, 0, b);
            Request lost = trace.at(5).asksToWrite(2, "", 0, set("z", "Z"));
            trace.stopped(0, Event.Stop.POWER_LOST);
            trace.lost(0, Event.Loss.UNSYNCED, b);
            trace.answered(lost, new Outcome.Unknown());
            trace.at(6).answered(trace.asksToRead(2, "", 0, "x"), new Outcome.Refused("connection refused"));
            trace.at(9).started(0, a);
            TracedUpdate c = trace.write(1, "", 0, 2, set("x", "C"));
            trace.at(10).received(1, 0, c, Receipt.DUPLICATE);
            trace.at(11).arrives(2, 0, c);
            return trace.events();
        }
    },

    /** A session moves to a node that is cut off, and reads an older state than it has already seen. */
    CUT_SESSION("session: c1 read x -> absent at node3 after it wrote node1~0000000000000001:1 (read your writes)") {
        @Override
        List<Event> events() {
            TraceBuilder trace = new TraceBuilder(3);
            trace.at(0.5).fault(null, Event.Kind.CUT, "node1, node2 | node3");
            TracedUpdate a = trace.at(1).write(1, "s1", 0, 1, set("x", "A"));
            trace.at(2).arrives(1, 0, a);
            trace.at(2.5).fault(2, Event.Kind.CLOCK_CHANGED, "clock 3 h ahead");
            TracedUpdate n = trace.at(3).write(2, "", 2, 1, set("n", "1"));
            Request waits = trace.at(3.5).asksToRead(1, "s1", 2, "x");
            trace.at(4).stopped(1, Event.Stop.KILLED);
            trace.lost(1, Event.Loss.WIPED, a);
            trace.at(4.5).arrives(0, 2, n);
            Request other = trace.at(5).asksToWrite(3, "", 2, set("m", "2"));
            TracedUpdate m = trace.made(other, 2);
            trace.committed(2, m);
            trace.told(other, m);
            trace.reads(waits, (String) null);
            trace.takesNewIdentity(1);
            trace.at(6).started(1);
            TracedUpdate k = trace.at(6.5).write(4, "", 1, 1, set("k", "K"));
            trace.at(8).calmed();
            trace.at(9).arrives(2, 0, a);
            trace.arrives(0, 1, k);
            trace.arrives(1, 2, m);
            trace.ended(0, Map.of("x", "A", "n", "1", "k", "K"));
            trace.ended(1, Map.of("n", "1", "k", "K", "m", "2"), a);
            trace.ended(2, Map.of("x", "A", "n", "1", "m", "2"));
            return trace.events();
        }
    };

    private final String violation;

    HandmadeTraces(String violation) {
        this.violation = violation;
    }

    abstract List<Event> events();

    Story story() {
        return Story.of(events(), violation);
    }

    String violation() {
        return violation;
    }

    /** A chain of writes through seven nodes, each caused by the one before. */
    static Story sevenNodes(@Nullable String violation) {
        TraceBuilder trace = new TraceBuilder(7);
        TracedUpdate last = trace.at(1).write(0, "", 0, 1, set("k0", "v0"));
        for (int node = 1; node < 7; node++) {
            trace.at(node * 2).arrives(node, node - 1, last);
            last = trace.write(node, "", node, 1, set("k" + node, "v" + node), last);
        }
        trace.at(20).received(0, 6, last, Receipt.BUFFERED);
        return Story.of(trace.events(), violation);
    }
}
