package dev.hence.simulator.run;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Checkers;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.history.HistoryChecker;
import dev.hence.simulator.history.HistoryRecorder;
import dev.hence.simulator.history.Transaction;
import dev.hence.simulator.history.Verdict;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * All checks of a run: the promises about the nodes, at every event, and at the end causal convergence of the client
 * history, if it is decidable for that history.
 */
public final class Promises implements Checker {
    private final Checker checkers = new Checkers();
    private final List<Transaction> history = new ArrayList<>();
    private final Checker recorder = new HistoryRecorder(history::add);
    private boolean forgetful;
    private int nodes;
    private int ended;

    @Override
    public void observe(Event event) {
        checkers.observe(event);
        recorder.observe(event);
        if (event instanceof Event.Began began) {
            nodes = began.nodes().size();
        }
        // Updates that only a rolled-back disk had were shown to its clients and cannot be kept by any node.
        forgetful |= event instanceof Event.DiskLost lost
                && (lost.how() == Event.Loss.ROLLED_BACK || lost.how() == Event.Loss.SET_BACK);
        if (event instanceof Event.Ended && ++ended == nodes && !forgetful) {
            checkHistory();
        }
    }

    private void checkHistory() {
        if (HistoryChecker.check(history) instanceof Verdict.Broken broken) {
            throw new Violation("causal convergence", broken.pattern().toString());
        }
    }
}
