package dev.hence.simulator.check;

import static dev.hence.simulator.check.Checked.assertBroken;
import static dev.hence.simulator.trace.TraceBuilder.clockOf;

import dev.hence.simulator.trace.Change;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TraceBuilder;
import dev.hence.simulator.trace.TracedUpdate;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandCheckerTest {
    private static final String PROMISE = "commands";

    private final TraceBuilder cluster = Checked.cluster(2, truth -> {
        Meaning meaning = new Meaning(truth);
        return new MeaningChecker(truth, meaning).then(new CommandChecker(truth, meaning));
    });

    private static Command put(String member) {
        return new Command.Put("s", Type.SET, member, "");
    }

    private static Change added(String member) {
        return new Change.Put("s", Type.SET, member, "");
    }

    private void become(Command command, Change... changes) {
        Request request = cluster.ask("", 0, List.of(), List.of(command));
        cluster.serve(request);
        cluster.answer(request, List.of(), cluster.write(0, changes));
    }

    private void changeNothing(Command... commands) {
        Request request = cluster.ask("", 0, List.of(), List.of(commands));
        cluster.serve(request);
        cluster.emit(new Event.Unchanged(cluster.tick(), request, clockOf(cluster.applied(0)), cluster.wallMillis()));
        cluster.answer(request, List.of(), null);
    }

    @Test
    void answer_updatesThatDoAsTheyWereTold_passes() {
        become(put("m"), added("m"));
        become(put("n"), added("n"));
        become(new Command.Remove("s", Type.SET, "m"), new Change.Remove("s", Type.SET, "m"));
        become(
                new Command.Add("i", Type.STRING, "", BigDecimal.TEN),
                new Change.Add("i", Type.STRING, "", BigDecimal.TEN));
        become(new Command.Push("l", Command.End.BACK, List.of("v")), new Change.Put("l", Type.LIST, "80", "v"));
        become(new Command.Pop("l", Command.End.FRONT), new Change.Delete("l"));
        become(new Command.Delete("s"), new Change.Delete("s"));
        changeNothing(new Command.Delete("s"));
        changeNothing(new Command.Persist("s"));
    }

    @Test
    void answer_lastElementRemovedAndTheDeadlineLeft_isBroken() {
        become(put("m"), added("m"));
        become(new Command.Expire("s", 10_000), new Change.Expire("s", cluster.wallMillis() + 10_000));
        become(new Command.Remove("s", Type.SET, "m"), new Change.Remove("s", Type.SET, "m"));
        assertBroken(PROMISE, () -> become(put("m"), added("m")), "s shows Shown[type=set", "deadlineMillis=10000");
    }

    @Test
    void answer_presentMemberAddedByAnUpdateThatDoesNotSaySo_isBroken() {
        become(put("m"), added("m"));
        assertBroken(
                PROMISE,
                () -> become(put("m"), new Change.Expire("s", Contents.NEVER)),
                "expected: an assignment to Place[key=s, type=set, element=m]");
    }

    @Test
    void answer_presentMemberAddedByNoUpdate_isBroken() {
        become(put("m"), added("m"));
        assertBroken(PROMISE, () -> changeNothing(put("m")), "expected: an update");
    }

    @Test
    void answer_incrementWrittenAsAnAssignment_isBroken() {
        assertBroken(
                PROMISE,
                () -> become(
                        new Command.Add("i", Type.STRING, "", BigDecimal.TEN),
                        new Change.Set("i", "10", Contents.NEVER)),
                "expected: 10 more in Place[key=i");
    }

    @Test
    void answer_otherKeyChanged_isBroken() {
        assertBroken(PROMISE, () -> become(put("m"), added("m"), new Change.Delete("t")), "only what was asked");
    }

    @Test
    void answer_commandOnAnotherType_changesNothing() {
        become(put("m"), added("m"));
        changeNothing(new Command.Set("x", "1"), new Command.Pop("s", Command.End.BACK));
        assertBroken(
                PROMISE,
                () -> become(
                        new Command.Push("s", Command.End.BACK, List.of("v")),
                        new Change.Put("s", Type.LIST, "80", "v")),
                "since a command fails");
    }

    @Test
    void answer_nothingToRemoveAndItIsStillThere_isBroken() {
        cluster.write(0, "x=1");
        assertBroken(PROMISE, () -> changeNothing(new Command.Delete("x")), "changed nothing, though x showed");
    }

    @Test
    void answer_nothingToRemoveSinceAnotherRemovedIt_passes() {
        cluster.write(0, "x=1");
        Request request = cluster.ask("", 0, List.of(), "-x");
        cluster.serve(request);
        cluster.write(0, "-x");
        cluster.emit(new Event.Unchanged(cluster.tick(), request, clockOf(cluster.applied(0)), cluster.wallMillis()));
        cluster.write(0, "x=2");
        cluster.answer(request, List.of(), null);
    }

    @Test
    void answer_nothingToRemoveWithoutWhatWasVisible_isBroken() {
        TracedUpdate removed = cluster.write(0, "-x");
        Request request = cluster.ask("", 0, List.of(), "-x");
        cluster.serve(request);
        cluster.emit(new Event.Unchanged(cluster.tick(), request, clockOf(List.of()), cluster.wallMillis()));
        assertBroken(PROMISE, () -> cluster.answer(request, List.of(), null), removed.dot());
    }

    @Test
    void answer_nothingToRemoveAfterWhatIsNotInTheAnswersClock_isBroken() {
        Request request = cluster.ask("", 0, List.of(), "-x");
        cluster.serve(request);
        TracedUpdate hidden = cluster.make(0, "-x");
        cluster.emit(new Event.Unchanged(cluster.tick(), request, clockOf(List.of(hidden)), cluster.wallMillis()));
        assertBroken(PROMISE, () -> cluster.answer(request, List.of(), null), "expected: one that covers it");
    }

    @Test
    void answer_nobodyLooked_isBroken() {
        Request request = cluster.ask("", 0, List.of(), "-x");
        cluster.serve(request);
        assertBroken(PROMISE, () -> cluster.answer(request, List.of(), null), "has not checked");
    }
}
