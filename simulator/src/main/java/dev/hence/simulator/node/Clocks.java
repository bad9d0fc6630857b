package dev.hence.simulator.node;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.replication.ClockAgreement;
import dev.hence.core.replication.Heartbeat;
import dev.hence.simulator.scenario.ClockRules;
import java.util.OptionalLong;

/** A process's view of its machine's wall clock and of those of its peers. */
final class Clocks {
    private final NodeProcess process;
    private final ClockAgreement agreement =
            new ClockAgreement(new ClockAgreement.Rule(ClockRules.MARGIN_MILLIS, ClockRules.HEARD_MILLIS_MAX));

    Clocks(NodeProcess process) {
        this.process = process;
    }

    ClockBound bound() {
        return new ClockBound(process.cluster().settings().clocks().aheadMillisMax());
    }

    /** Records the wall clock that a configured peer reports of itself. */
    void heard(Heartbeat heartbeat) {
        agreement.heard(heartbeat.from().name(), heartbeat.wallMillis(), process.millis());
    }

    private ClockAgreement.Reading reading() {
        int peers = process.cluster().settings().peers().get(process.number()).size();
        return agreement.read(peers, process.machine().wallClock().millis(), process.millis());
    }

    /** The time up to which expired keys may be removed; empty if this node may remove none now. */
    OptionalLong removalMillis() {
        return reading().removalMillis();
    }

    /** Whether local writes are rejected because other nodes would hold them. */
    boolean refusesWrites() {
        return reading().refusesWrites(process.replica().timestamp(), bound());
    }
}
