package dev.hence.simulator.scenario;

import dev.hence.simulator.trace.Command;
import java.util.List;

/** One action of a scenario on the cluster. Times are milliseconds since the beginning. */
public sealed interface Step {
    /** The time of the step. */
    long atMillis();

    /** The nodes that it concerns. */
    default int[] nodes() {
        return switch (this) {
            case Ask step -> new int[] {step.node()};
            case Kill step -> new int[] {step.node()};
            case LosePower step -> new int[] {step.node()};
            case Stop step -> new int[] {step.node()};
            case Wipe step -> new int[] {step.node()};
            case FailForce step -> new int[] {step.node()};
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
     * A client sends a request, once its previous one is answered.
     *
     * @param id names the step
     * @param inSession whether the client sends its session
     * @param node the node that receives it
     * @param reads keys to read; a request reads or writes
     * @param writes what to write
     * @param retries how often it retries, at the next node, without a successful answer
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
        /** A request without retries. */
        Ask once() {
            return new Ask(atMillis, id, client, inSession, node, reads, writes, 0);
        }
    }

    /** The process is killed after a number of further effects; 0 for at once. */
    record Kill(long atMillis, int node, int effects, long downMillis) implements Step {}

    /**
     * The machine loses power after a number of further effects, and with it some writes that were not forced to the
     * disk.
     */
    record LosePower(long atMillis, int node, int effects, long downMillis) implements Step {}

    /** The process is stopped cleanly. */
    record Stop(long atMillis, int node, long downMillis) implements Step {}

    /** The machine loses power and restarts with an empty disk. */
    record Wipe(long atMillis, int node, long downMillis) implements Step {}

    /**
     * The next force of a file to the disk fails, so that what it should have written is readable, but may never be on
     * the disk. The process ends, and is started again after a time.
     */
    record FailForce(long atMillis, int node, long downMillis) implements Step {}

    /** A copy is made of the disk. */
    record BackUp(long atMillis, int node) implements Step {}

    /** The machine loses power and restarts with the last copy of its disk; nothing happens if there is none. */
    record Restore(long atMillis, int node, long downMillis) implements Step {}

    /**
     * The machine is rolled back in place to the last copy of its disk, like a virtual machine to a snapshot: it cannot
     * detect this by itself. Clients are kept away until its peers have reported what it wrote since; before that the
     * reuse of dots could not be prevented. Nothing happens if there is no copy.
     */
    record RollBack(long atMillis, int node, long downMillis) implements Step {}

    /** The machine is rolled back in place, and clients write to the node before it has heard what is missing. */
    record SetBack(long atMillis, int node, long downMillis) implements Step {}

    /** The process does nothing for a time, and then continues. */
    record Pause(long atMillis, int node, long millis) implements Step {}

    /** The wall clock is set forward or back. */
    record ClockJump(long atMillis, int node, long jumpMillis) implements Step {}

    /** The wall clock is corrected. */
    record ClockMend(long atMillis, int node) implements Step {}

    /** The wall clock runs at a multiple of the speed of true time. */
    record ClockRate(long atMillis, int node, double rate) implements Step {}

    /** No message arrives in one direction for a time. */
    record Cut(long atMillis, int from, int to, long millis) implements Step {}

    /** Messages take longer in one direction for a time. */
    record Slow(long atMillis, int from, int to, int factor, long millis) implements Step {}

    /** The updates that a node reads from a peer are reordered and duplicated for a time. */
    record Disturb(long atMillis, int from, int to, long millis) implements Step {}
}
