package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import java.util.List;

/** One thing that a scenario does to the cluster. Times are milliseconds since the beginning. */
public sealed interface Step {
    /** When. */
    long atMillis();

    /** The nodes that it touches. */
    default int[] nodes() {
        return switch (this) {
            case Ask step -> new int[] {step.node()};
            case Kill step -> new int[] {step.node()};
            case LosePower step -> new int[] {step.node()};
            case Stop step -> new int[] {step.node()};
            case Wipe step -> new int[] {step.node()};
            case BackUp step -> new int[] {step.node()};
            case Restore step -> new int[] {step.node()};
            case RollBack step -> new int[] {step.node()};
            case SetBack step -> new int[] {step.node()};
            case Pause step -> new int[] {step.node()};
            case ClockJump step -> new int[] {step.node()};
            case ClockMend step -> new int[] {step.node()};
            case ClockRate step -> new int[] {step.node()};
            case Cut step -> new int[] {step.from(), step.to()};
            case Slow step -> new int[] {step.from(), step.to()};
            case Disturb step -> new int[] {step.from(), step.to()};
        };
    }

    /**
     * A client asks, as soon as it has the answer to what it asked before.
     *
     * @param id names the step
     * @param inSession whether the client's session goes with it
     * @param node whom it asks
     * @param reads keys to read; a request reads or writes
     * @param writes what to write
     * @param retries how often it tries again, at the next node, when it has not got a good answer
     */
    record Ask(
            long atMillis,
            int id,
            int client,
            boolean inSession,
            int node,
            List<String> reads,
            List<Command> writes,
            int retries)
            implements Step {
        /** The same without any retry. */
        Ask once() {
            return new Ask(atMillis, id, client, inSession, node, reads, writes, 0);
        }
    }

    /** The process is killed after this many more of its effects; 0 for at once. */
    record Kill(long atMillis, int node, int effects, long downMillis) implements Step {}

    /** The machine loses power after this many more effects, and some of what was not forced to the disk. */
    record LosePower(long atMillis, int node, int effects, long downMillis) implements Step {}

    /** The process is stopped in order. */
    record Stop(long atMillis, int node, long downMillis) implements Step {}

    /** The machine loses power and comes back with an empty disk. */
    record Wipe(long atMillis, int node, long downMillis) implements Step {}

    /** A copy is made of the disk. */
    record BackUp(long atMillis, int node) implements Step {}

    /** The machine loses power and comes back with the last copy of its disk; nothing happens if there is none. */
    record Restore(long atMillis, int node, long downMillis) implements Step {}

    /**
     * The machine is set back in place to the last copy of its disk, as a virtual machine to a snapshot: nothing tells
     * it so. Clients are kept from it until its peers have told it what it wrote since; before that no one could save
     * it from using dots again. Nothing happens if there is no copy.
     */
    record RollBack(long atMillis, int node, long downMillis) implements Step {}

    /** The same, and clients write to the node before it has heard what is missing. */
    record SetBack(long atMillis, int node, long downMillis) implements Step {}

    /** The process does nothing for a time, and then goes on as if nothing had been. */
    record Pause(long atMillis, int node, long millis) implements Step {}

    /** The wall clock is set forward or back. */
    record ClockJump(long atMillis, int node, long jumpMillis) implements Step {}

    /** The wall clock is set right. */
    record ClockMend(long atMillis, int node) implements Step {}

    /** The rate of the wall clock, relative to true time. */
    record ClockRate(long atMillis, int node, double rate) implements Step {}

    /** Nothing arrives in one direction for a time. */
    record Cut(long atMillis, int from, int to, long millis) implements Step {}

    /** Everything takes longer in one direction for a time. */
    record Slow(long atMillis, int from, int to, int factor, long millis) implements Step {}

    /** The updates that a node reads from a peer are turned round and doubled for a time. */
    record Disturb(long atMillis, int from, int to, long millis) implements Step {}
}
