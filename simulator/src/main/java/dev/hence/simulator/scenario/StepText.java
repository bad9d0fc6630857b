package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text form of steps. */
public final class StepText {
    private StepText() {}

    /** Formats a step as one line: time, node or client, action. */
    public static String of(Step step) {
        return "at " + step.atMillis() + " ms " + what(step);
    }

    private static String what(Step step) {
        return switch (step) {
            case Step.Ask ask -> ask(ask);
            case Step.Kill kill ->
                Settings.nodeName(kill.node()) + " is killed" + after(kill.effects()) + down(kill.downMillis());
            case Step.LosePower lose ->
                Settings.nodeName(lose.node()) + " loses power" + after(lose.effects()) + down(lose.downMillis());
            case Step.Stop stop -> Settings.nodeName(stop.node()) + " is stopped in order" + down(stop.downMillis());
            case Step.Wipe wipe -> Settings.nodeName(wipe.node()) + " loses its disk" + down(wipe.downMillis());
            case Step.FailForce fail ->
                "the next fsync of " + Settings.nodeName(fail.node()) + " fails" + down(fail.downMillis());
            case Step.BackUp backUp -> "the disk of " + Settings.nodeName(backUp.node()) + " is copied";
            case Step.Restore restore ->
                Settings.nodeName(restore.node()) + " gets the copy of its disk" + down(restore.downMillis());
            case Step.SetBack back ->
                Settings.nodeName(back.node()) + " is set back in place to the copy of its disk, and takes writes"
                        + down(back.downMillis());
            case Step.RollBack back ->
                Settings.nodeName(back.node()) + " is set back in place to the copy of its disk"
                        + down(back.downMillis());
            case Step.Pause pause -> Settings.nodeName(pause.node()) + " pauses for " + pause.millis() + " ms";
            case Step.ClockJump jump ->
                "the wall clock of " + Settings.nodeName(jump.node()) + " jumps by " + jump.jumpMillis() + " ms";
            case Step.ClockMend mend -> "the wall clock of " + Settings.nodeName(mend.node()) + " is set right";
            case Step.ClockRate rate ->
                "the wall clock of " + Settings.nodeName(rate.node()) + " runs " + rate.rate()
                        + " times as fast as time";
            case Step.Cut cut -> link(cut.from(), cut.to()) + " is cut for " + cut.millis() + " ms";
            case Step.Slow slow ->
                link(slow.from(), slow.to()) + " is " + slow.factor() + " times slower for " + slow.millis() + " ms";
            case Step.Disturb disturb ->
                link(disturb.from(), disturb.to()) + " turns updates round for " + disturb.millis() + " ms";
        };
    }

    private static String ask(Step.Ask ask) {
        List<String> what = new ArrayList<>();
        ask.reads().forEach(key -> what.add("reads " + key));
        ask.writes().forEach(command -> what.add(of(command)));
        return "client c" + ask.client() + (ask.inSession() ? "" : ", outside its session,") + " "
                + String.join(", ", what) + " at " + Settings.nodeName(ask.node());
    }

    private static String of(Command command) {
        String key = command.key();
        return switch (command) {
            case Command.Set set -> "writes " + key + lifetime(set.lifetimeMillis());
            case Command.Delete delete -> "deletes " + key;
            case Command.Put put -> "puts " + put.element() + " into the " + put.type() + " " + key;
            case Command.Remove remove -> "removes " + remove.element() + " from the " + remove.type() + " " + key;
            case Command.Add add ->
                "adds " + add.delta().toPlainString() + " to "
                        + (add.element().isEmpty() ? key : add.element() + " in the " + add.type() + " " + key);
            case Command.Push push -> "pushes " + push.values().size() + " to the " + name(push.end()) + " of " + key;
            case Command.Insert insert ->
                "inserts at the " + name(insert.side()) + " of item " + insert.index() + " of " + key;
            case Command.Pop pop -> "pops from the " + name(pop.end()) + " of " + key;
            case Command.SetItem set -> "sets item " + set.index() + " of " + key;
            case Command.RemoveItem remove -> "removes item " + remove.index() + " of " + key;
            case Command.Expire expire -> "lets " + key + " expire in " + expire.lifetimeMillis() + " ms";
            case Command.Persist persist -> "lets " + key + " stay";
        };
    }

    private static String lifetime(long millis) {
        return millis == Command.FOR_EVER ? "" : millis == Command.KEEP ? " for as long" : " for " + millis + " ms";
    }

    private static String name(Command.End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    private static String link(int from, int to) {
        return "the link " + Settings.nodeName(from) + " -> " + Settings.nodeName(to);
    }

    private static String after(int effects) {
        return effects == 0 ? "" : " after " + effects + " more effects";
    }

    private static String down(long millis) {
        return ", for " + millis + " ms";
    }
}
