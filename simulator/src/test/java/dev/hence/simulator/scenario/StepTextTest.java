package dev.hence.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Type;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class StepTextTest {
    private static final Map<Step, String> WORDS = Map.ofEntries(
            Map.entry(
                    new Step.Ask(5, 1, 2, true, 0, List.of("a", "b"), List.of(), 1),
                    "at 5 ms client c2 reads a, reads b at node1"),
            Map.entry(
                    new Step.Ask(
                            5,
                            1,
                            2,
                            false,
                            0,
                            List.of(),
                            List.of(new Command.Set("a", "v1"), new Command.Delete("b")),
                            1),
                    "at 5 ms client c2, outside its session, writes a, deletes b at node1"),
            Map.entry(new Step.Kill(5, 0, 0, 20), "at 5 ms node1 is killed, for 20 ms"),
            Map.entry(new Step.Kill(5, 0, 3, 20), "at 5 ms node1 is killed after 3 more effects, for 20 ms"),
            Map.entry(new Step.LosePower(5, 1, 3, 20), "at 5 ms node2 loses power after 3 more effects, for 20 ms"),
            Map.entry(new Step.Stop(5, 1, 20), "at 5 ms node2 is stopped in order, for 20 ms"),
            Map.entry(new Step.Wipe(5, 1, 20), "at 5 ms node2 loses its disk, for 20 ms"),
            Map.entry(new Step.FailForce(5, 1, 20), "at 5 ms the next fsync of node2 fails, for 20 ms"),
            Map.entry(new Step.BackUp(5, 1), "at 5 ms the disk of node2 is copied"),
            Map.entry(new Step.Restore(5, 1, 20), "at 5 ms node2 gets the copy of its disk, for 20 ms"),
            Map.entry(
                    new Step.RollBack(5, 1, 20),
                    "at 5 ms node2 is set back in place to the copy of its disk, for 20 ms"),
            Map.entry(
                    new Step.SetBack(5, 1, 20),
                    "at 5 ms node2 is set back in place to the copy of its disk, and takes writes, for 20 ms"),
            Map.entry(new Step.Pause(5, 1, 20), "at 5 ms node2 pauses for 20 ms"),
            Map.entry(new Step.ClockJump(5, 1, -20), "at 5 ms the wall clock of node2 jumps by -20 ms"),
            Map.entry(new Step.ClockMend(5, 1), "at 5 ms the wall clock of node2 is set right"),
            Map.entry(new Step.ClockRate(5, 1, 1.5), "at 5 ms the wall clock of node2 runs 1.5 times as fast as time"),
            Map.entry(new Step.Cut(5, 0, 1, 20), "at 5 ms the link node1 -> node2 is cut for 20 ms"),
            Map.entry(new Step.Slow(5, 0, 1, 9, 20), "at 5 ms the link node1 -> node2 is 9 times slower for 20 ms"),
            Map.entry(new Step.Disturb(5, 0, 1, 20), "at 5 ms the link node1 -> node2 turns updates round for 20 ms"));

    private static final Map<Command, String> COMMANDS = Map.ofEntries(
            Map.entry(new Command.Set("a", "v1", 20), "writes a for 20 ms"),
            Map.entry(new Command.Delete("a"), "deletes a"),
            Map.entry(new Command.Put("a", Type.HASH, "f", "1"), "puts f into the hash a"),
            Map.entry(new Command.Remove("a", Type.SET, "m"), "removes m from the set a"),
            Map.entry(new Command.Add("a", Type.SORTED_SET, "m", BigDecimal.TEN), "adds 10 to m in the sorted set a"),
            Map.entry(new Command.Push("a", Command.End.FRONT, List.of("v1")), "pushes 1 to the front of a"),
            Map.entry(new Command.Insert("a", 2, Command.End.BACK, "v1"), "inserts at the back of item 2 of a"),
            Map.entry(new Command.Pop("a", Command.End.BACK), "pops from the back of a"),
            Map.entry(new Command.SetItem("a", 2, "v1"), "sets item 2 of a"),
            Map.entry(new Command.RemoveItem("a", 2), "removes item 2 of a"),
            Map.entry(new Command.Expire("a", 20), "lets a expire in 20 ms"),
            Map.entry(new Command.Persist("a"), "lets a stay"));

    @Test
    void of_everyKindOfCommand_saysWhat() {
        COMMANDS.forEach((command, words) -> assertThat(
                        StepText.of(new Step.Ask(5, 1, 2, true, 0, List.of(), List.of(command), 1)))
                .isEqualTo("at 5 ms client c2 " + words + " at node1"));

        Set<Class<?>> told = COMMANDS.keySet().stream().map(Command::getClass).collect(Collectors.toSet());
        assertThat(told).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }

    @Test
    void of_everyKindOfStep_saysWhenWhoAndWhat() {
        WORDS.forEach((step, words) -> assertThat(StepText.of(step)).isEqualTo(words));

        Set<Class<?>> told = WORDS.keySet().stream().map(Step::getClass).collect(Collectors.toSet());
        assertThat(told).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }
}
