package dev.hence.core.replication;

import dev.hence.core.clock.ClockBound;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Decides which wall clocks agree, from those that the heartbeats of the peers announce and from the node's own.
 *
 * <p>A wall clock may show anything, so no single one is believed, the own one included. Every decision counts
 * members: a thing is done, or refused, when a strict majority of the members - the node itself and its configured
 * peers, heard or not - speaks for it. So a member alone in its opinion can neither remove keys nor keep others from
 * writing, and neither can those that a partition has left in the minority.
 *
 * <p><b>Invariant.</b> If at least half of the members have the right time, {@link Reading#removalMillis} is never
 * later than the right time. For a strict majority agrees, so one of these is right; and the earliest of them is
 * taken. A heartbeat that was long under way makes its sender's clock seem behind, which errs to the same side.
 *
 * <p>Not thread-safe. Times called <i>now</i> are those of a clock that only runs forward.
 */
public final class ClockAgreement {

    /**
     * What counts as agreement.
     *
     * @param toleranceMillis by how much two clocks that agree may differ
     * @param heardMillisMax how long what a peer said of its clock counts
     */
    public record Rule(long toleranceMillis, long heardMillisMax) {}

    private record Heard(long wallMillis, long atMillis) {}

    private final Rule rule;
    private final Map<String, Heard> heard = new HashMap<>();

    public ClockAgreement(Rule rule) {
        this.rule = rule;
    }

    /** Records what a peer itself says of its wall clock. */
    public void heard(String member, long wallMillis, long nowMillis) {
        heard.put(member, new Heard(wallMillis, nowMillis));
    }

    /**
     * All clocks at one moment.
     *
     * @param peers how many peers the node is configured with
     * @param wallMillis its own wall clock
     */
    public Reading read(int peers, long wallMillis, long nowMillis) {
        Map<String, Long> others = new HashMap<>();
        heard.forEach((member, said) -> {
            long passedMillis = nowMillis - said.atMillis();
            if (passedMillis <= rule.heardMillisMax()) {
                others.put(member, said.wallMillis() + passedMillis);
            }
        });
        return new Reading(rule, 1 + Math.max(peers, others.size()), wallMillis, others);
    }

    /** How a node's own wall clock stands among the others. */
    public enum Verdict {
        /** A strict majority of the members, the node included, agree with it. */
        AGREES,
        /** A strict majority of the members disagree with it: it is wrong. */
        DISAGREES,
        /** Neither: too few were heard recently, or no majority agrees. */
        UNDECIDED
    }

    /**
     * The clocks at one moment.
     *
     * @param members how many there are, this node included
     * @param wallMillis its own wall clock
     * @param others those of the peers heard recently, as they should be now
     */
    public record Reading(Rule rule, int members, long wallMillis, Map<String, Long> others) {

        /** Copies the map. */
        public Reading {
            others = Map.copyOf(others);
        }

        /** What the others make of this node's wall clock. */
        public Verdict verdict() {
            long agreeing = others.values().stream().filter(this::agrees).count();
            if (isMajority(agreeing + 1)) {
                return Verdict.AGREES;
            }
            return isMajority(others.size() - agreeing) ? Verdict.DISAGREES : Verdict.UNDECIDED;
        }

        /**
         * The time by which deadlines are over for certain: the earliest of the clocks that agree. Empty as long as
         * this node's own is not one of a majority; then it removes nothing. A node without peers goes by its own.
         */
        public OptionalLong removalMillis() {
            if (verdict() != Verdict.AGREES) {
                return OptionalLong.empty();
            }
            long earliest = wallMillis;
            for (long other : others.values()) {
                if (agrees(other)) {
                    earliest = Math.min(earliest, other);
                }
            }
            return OptionalLong.of(earliest);
        }

        /**
         * Whether local writes would lie at the other members for long, because their timestamps are beyond the bound
         * there: then it is better to refuse them at once. It is so
         *
         * <ul>
         *   <li>if a strict majority of the members are heard to have clocks for which this node's is too far ahead;
         *   <li>if the node's hybrid clock is beyond the bound even by its own wall clock - which was wrong and has
         *       been mended, or was set back - and no peer is heard to have a clock that would take it.
         * </ul>
         *
         * <p>A node that hears no other node continues: availability does not depend on others. Nor does it depend on
         * an update that the node took from a peer whose clock is just within the bound: that is measured from the
         * later of the two clocks.
         *
         * @param lastTimestamp the node's hybrid clock
         */
        public boolean refusesWrites(long lastTimestamp, ClockBound bound) {
            long holding = others.values().stream()
                    .filter(other -> holds(other, lastTimestamp, bound))
                    .count();
            boolean alone = members == 1;
            boolean byItself = !bound.admits(lastTimestamp, wallMillis) && holding == others.size();
            return !alone && (isMajority(holding) || byItself);
        }

        private boolean holds(long otherMillis, long lastTimestamp, ClockBound bound) {
            return wallMillis - otherMillis > bound.aheadMillisMax()
                    || !bound.admits(lastTimestamp, Math.max(wallMillis, otherMillis));
        }

        private boolean agrees(long otherMillis) {
            return Math.abs(otherMillis - wallMillis) <= rule.toleranceMillis();
        }

        private boolean isMajority(long count) {
            return 2 * count > members;
        }
    }
}
