package dev.hence.simulator.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.replica.ExpiryRule;
import dev.hence.simulator.scenario.ClockRules;
import java.util.List;
import java.util.OptionalLong;

/** Periodically searches for expired keys, and submits their removal to the writer. */
final class Expirer {
    static final ExpiryRule RULE = new ExpiryRule(ClockRules.MARGIN_MILLIS, ClockRules.OTHERS_MILLIS);
    private static final long INTERVAL_MICROS = 150_000;

    private final NodeProcess process;

    Expirer(NodeProcess process) {
        this.process = process;
    }

    void begin() {
        process.later(INTERVAL_MICROS, this::look);
    }

    private void look() {
        if (process.isClosing()) {
            return;
        }
        OptionalLong now = process.clocks().removalMillis();
        if (now.isPresent() && !process.clocks().refusesWrites()) {
            List<Bytes> due = process.store().heads().entrySet().stream()
                    .filter(entry -> RULE.mayRemove(entry.getValue(), now.getAsLong(), process.self()))
                    .map(entry -> entry.getKey())
                    .toList();
            if (!due.isEmpty()) {
                process.writer().remove(due);
            }
        }
        process.later(INTERVAL_MICROS, this::look);
    }
}
