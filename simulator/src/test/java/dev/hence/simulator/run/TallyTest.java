package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private static Tally ofOneRun() {
        Tally tally = new Tally();
        TraceBuilder cluster = new TraceBuilder(2, tally::observe);
        TracedUpdate update = cluster.writeIn("s", 0, "x=1");
        cluster.deliver(1, update);
        cluster.read("s", 1, "x");
        Request refused = cluster.ask("s", 1, List.of("x"));
        cluster.answer(refused, new Outcome.Refused("no"));
        cluster.emit(new Event.Buffering(5, 0, cluster.replicaOf(1), 4));
        cluster.emit(new Event.Fault(5, 0, Event.Kind.CUT, "cut"));
        cluster.end();
        return tally;
    }

    @Test
    void observe_oneRun_countsIt() {
        Tally tally = ofOneRun();

        assertThat(tally.runs()).isEqualTo(1);
        assertThat(tally.requests()).isEqualTo(3);
        assertThat(tally.done()).isEqualTo(2);
        assertThat(tally.updates()).isEqualTo(1);
        assertThat(tally.deliveries()).isEqualTo(1);
        assertThat(tally.longestBuffer()).isEqualTo(4);
        assertThat(tally.virtualMicros()).isPositive();
        assertThat(tally.faults()).isEqualTo(Map.of(Event.Kind.CUT, 1L));
    }

    @Test
    void add_otherRuns_addsUpAndKeepsTheLongestBuffer() {
        Tally sum = new Tally();
        sum.add(ofOneRun());
        sum.add(ofOneRun());

        assertThat(sum.runs()).isEqualTo(2);
        assertThat(sum.requests()).isEqualTo(6);
        assertThat(sum.done()).isEqualTo(4);
        assertThat(sum.updates()).isEqualTo(2);
        assertThat(sum.deliveries()).isEqualTo(2);
        assertThat(sum.longestBuffer()).isEqualTo(4);
        assertThat(sum.virtualMicros()).isEqualTo(2 * ofOneRun().virtualMicros());
        assertThat(sum.faults()).isEqualTo(Map.of(Event.Kind.CUT, 2L));
    }
}
