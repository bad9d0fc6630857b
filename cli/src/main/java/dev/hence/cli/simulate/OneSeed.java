package dev.hence.cli.simulate;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.history.HistoryRecorder;
import dev.hence.simulator.history.HistoryWriter;
import dev.hence.simulator.run.Finding;
import dev.hence.simulator.run.Minimizer;
import dev.hence.simulator.run.Promises;
import dev.hence.simulator.run.Simulation;
import dev.hence.simulator.run.Tally;
import dev.hence.simulator.scenario.Scenario;
import dev.hence.simulator.trace.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run, with all that happened in it.
 *
 * @param violation the broken promise; null if none was
 */
record OneSeed(Scenario scenario, @Nullable Violation violation, List<Event> events, Tally tally, Duration took) {

    /** @param historyFile where the history of its clients goes; null for nowhere */
    static OneSeed run(Scenario scenario, @Nullable Path historyFile) throws IOException {
        List<Event> events = new ArrayList<>();
        Tally tally = new Tally();
        Checker watching = ((Checker) events::add).then(tally).then(new Promises());
        long startNanos = System.nanoTime();
        Violation violation;
        if (historyFile == null) {
            violation = Simulation.run(scenario, watching);
        } else {
            try (HistoryWriter history = new HistoryWriter(historyFile)) {
                violation = Simulation.run(scenario, new HistoryRecorder(history).then(watching));
            }
        }
        return new OneSeed(scenario, violation, events, tally, Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /** The smallest scenario that breaks the same promise. */
    Finding finding() {
        if (violation == null) {
            throw new IllegalStateException("seed " + scenario.seed() + ": no promise was broken (expected: one)");
        }
        return Minimizer.minimize(scenario, Promises::new, violation);
    }
}
