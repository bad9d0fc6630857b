package dev.hence.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTimesTest {

    @Test
    void cpuMicros_statOfAProcessWithStrangeName_addsItsTimesAndThoseOfItsChildren() {
        String stat = "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 900 800 0 0 30 12 5 3 20 0 9 0 1000 5 6";

        assertThat(ProcessTimes.cpuMicros(stat)).isEqualTo(500_000);
    }

    @Test
    void machineBusyMicros_statOfTheMachine_leavesOutIdleTimeAndWaitingForDisks() {
        String stat = "cpu  100 20 30 4000 500 6 7 0 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\n";

        assertThat(ProcessTimes.machineBusyMicros(stat)).isEqualTo(1_630_000);
    }

    @Test
    void cpuMicros_ofThisProcess_grows() throws Exception {
        long pid = ProcessHandle.current().pid();
        long before = ProcessTimes.cpuMicros(pid);
        long sum = 0;
        do {
            sum += ProcessTimes.residentBytes(pid);
        } while (ProcessTimes.cpuMicros(pid) == before);

        assertThat(sum).isPositive();
    }
}
