package dev.hence.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hence.simulator.trace.TraceBuilder;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** One checker over a handmade trace. */
final class Checked {
    private Checked() {}

    static TraceBuilder cluster(int nodes, Function<GroundTruth, Checker> checker) {
        return cluster(nodes, true, checker);
    }

    static TraceBuilder cluster(int nodes, boolean alwaysSynced, Function<GroundTruth, Checker> checker) {
        GroundTruth truth = new GroundTruth();
        Checker checked = checker.apply(truth);
        return new TraceBuilder(nodes, alwaysSynced, event -> {
            truth.observe(event);
            checked.observe(event);
        });
    }

    /** Asserts that a step breaks the promise, and that the message contains these texts. */
    static void assertBroken(String promise, ThrowingCallable step, String... named) {
        Violation violation = catchThrowableOfType(Violation.class, step);
        assertThat(violation).as("a violation of: " + promise).isNotNull();
        assertThat(violation.promise()).isEqualTo(promise);
        assertThat(violation).hasMessageContainingAll(named);
    }
}
