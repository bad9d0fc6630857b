package dev.hence.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgendaTest {
    private final Agenda agenda = new Agenda();
    private final List<String> happened = new ArrayList<>();

    private Runnable note(String what) {
        return () -> happened.add(what + " at " + agenda.nowMicros());
    }

    @Test
    void runUntil_notedInAnyOrder_happensInTheOrderOfTime() {
        agenda.at(30, note("c"));
        agenda.at(10, note("a"));
        agenda.at(20, note("b"));

        agenda.runUntil(100);

        assertThat(happened).containsExactly("a at 10", "b at 20", "c at 30");
        assertThat(agenda.nowMicros()).isEqualTo(100);
        assertThat(agenda.steps()).isEqualTo(3);
    }

    @Test
    void runUntil_oneMoment_happensInTheOrderOfNoting() {
        for (int i = 0; i < 50; i++) {
            agenda.at(7, note("no. " + i));
        }

        agenda.runUntil(7);

        assertThat(happened).hasSize(50).first().isEqualTo("no. 0 at 7");
        assertThat(happened).last().isEqualTo("no. 49 at 7");
    }

    @Test
    void runUntil_laterThings_waitForTheNextTime() {
        agenda.at(10, note("a"));
        agenda.at(11, note("b"));

        agenda.runUntil(10);
        assertThat(happened).containsExactly("a at 10");

        agenda.runUntil(11);
        assertThat(happened).containsExactly("a at 10", "b at 11");
    }

    @Test
    void after_notedByWhatHappens_happensInTheSameRunIfItIsTime() {
        agenda.after(5, () -> {
            note("first").run();
            agenda.after(5, note("second"));
            agenda.after(6, note("too late"));
        });

        agenda.runUntil(10);

        assertThat(happened).containsExactly("first at 5", "second at 10");
    }

    @Test
    void at_aMomentThatHasPassed_happensNow() {
        agenda.runUntil(50);
        agenda.at(10, note("late"));
        agenda.after(-1, note("later"));

        agenda.runUntil(50);

        assertThat(happened).containsExactly("late at 50", "later at 50");
    }
}
