package dev.hence.simulator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hence.simulator.check.Violation;
import dev.hence.simulator.trace.Candidate;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromisesTest {
    private final TraceBuilder cluster = new TraceBuilder(2, new Promises()::observe);

    /** All nodes are correct; a forged answer gives the client a value that it had already overwritten. */
    private void answerWithWhatWasWrittenOver() {
        TracedUpdate first = cluster.writeIn("s", 0, "x=1");
        TracedUpdate second = cluster.writeIn("s", 0, "x=2");
        cluster.deliver(1, first, second);
        Request read = cluster.ask("s", 0, List.of("x"));
        cluster.answer(
                read, List.of(Contents.string(List.of(new Candidate(first.dot(), first.timestamp(), "1")))), null);
    }

    @Test
    void observe_sensibleTrace_passes() {
        cluster.deliver(1, cluster.writeIn("s", 0, "x=1"));
        cluster.read("s", 1, "x");

        assertThatCode(cluster::end).doesNotThrowAnyException();
    }

    @Test
    void observe_historyWithoutExplanation_isReportedAtTheEnd() {
        answerWithWhatWasWrittenOver();

        Violation violation = catchThrowableOfType(Violation.class, cluster::end);

        assertThat(violation).isNotNull();
        assertThat(violation.promise()).isEqualTo("causal convergence");
    }

    @Test
    void observe_historyWithoutExplanationAfterARollBack_isHeldAgainstNobody() {
        answerWithWhatWasWrittenOver();
        cluster.stop(1, Event.Stop.KILLED);
        cluster.lose(1, Event.Loss.ROLLED_BACK);
        cluster.start(1, cluster.replicaOf(1));

        assertThatCode(cluster::end).doesNotThrowAnyException();
    }

    @Test
    void observe_nodeBreaksAPromise_isReportedAtOnce() {
        TracedUpdate first = cluster.write(0, "x=1");
        TracedUpdate second = cluster.write(0, "x=2");

        assertThat(first).isNotEqualTo(second);
        assertThatThrownBy(() -> cluster.deliver(1, second))
                .isInstanceOfSatisfying(
                        Violation.class,
                        violation -> assertThat(violation.promise()).isEqualTo("causal delivery"));
    }
}
