package dev.hence.core.replication;

import dev.hence.core.clock.ClockBound;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The agreement of wall clocks: judges the wall clocks in the heartbeats of a node's peers, and the node's own.
 *
 * <p>A wall clock may show anything, so no single one is trusted, including the node's own. Every decision counts
 * members: it needs a strict majority of the members - the node itself and its configured peers, heard or not. So a
 * single deviating member can neither remove keys nor keep others from writing, and neither can members that a
 * partition has left in the minority.
 *
 * <p><b>Invariant.</b> If at least half of the members have the right time, {@link Reading#removalMillis} is never
 * later than the right time. A strict majority agrees, so at least one of these clocks is right, and the earliest of
 * them is used. A delayed heartbeat makes its sender's clock appear behind, which errs on the same side.
 *
 * <p>Not thread-safe. Times called <i>now</i> are read from a monotonic clock.
 */
public final class ClockAgreement {

    /**
     * The criteria of agreement.
     *
     * @param toleranceMillis the maximum difference of two clocks that agree
     * @param heardMillisMax how long a peer's reported clock remains valid
     */
    public record Rule(long toleranceMillis, long heardMillisMax) {}

    private record Heard(long wallMillis, long atMillis) {}

    private final Rule rule;
    private final Map<String, Heard> heard = new HashMap<>();

    public ClockAgreement(Rule rule) {
        this.rule = rule;
    }

    /** Records the wall clock that a peer reports of itself. */
    public void heard(String member, long wallMillis, long nowMillis) {
        heard.put(member, new Heard(wallMillis, nowMillis));
    }

    /**
     * Returns a reading of all clocks at one moment.
     *
     * @param peers the number of configured peers
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

    /** How a node's own wall clock compares with the others. */
    public enum Verdict {
        /** A strict majority of the members, the node included, agree with it. */
        AGREES,
        /** A strict majority of the members disagree with it: it is wrong. */
        DISAGREES,
        /** Neither: too few members were heard recently, or their clocks disagree with each other. */
        UNDECIDED
    }

    /**
     * The clocks at one moment.
     *
     * @param members the number of members, including this node
     * @param wallMillis its own wall clock
     * @param others the wall clocks of the peers heard recently, extrapolated to now
     */
    public record Reading(Rule rule, int members, long wallMillis, Map<String, Long> others) {

        /** Copies the map. */
        public Reading {
            others = Map.copyOf(others);
        }

        /** How this node's wall clock compares with the others. */
        public Verdict verdict() {
            long agreeing = others.values().stream().filter(this::agrees).count();
            if (isMajority(agreeing + 1)) {
                return Verdict.AGREES;
            }
            return isMajority(others.size() - agreeing) ? Verdict.DISAGREES : Verdict.UNDECIDED;
        }

        /**
         * The time up to which deadlines have certainly passed: the earliest of the clocks that agree. Empty while this
         * node's own clock is not in a majority; then the node removes nothing. A node without peers uses its own
         * clock.
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
         * Whether other members would hold local writes back for long because their timestamps are beyond the bound
         * there; then it is better to reject the writes at once. This is the case
         *
         * <ul>
         *   <li>if a strict majority of the members report clocks for which this node's is too far ahead;
         *   <li>if the node's hybrid clock is beyond the bound even by its own wall clock - which was wrong and has
         *       been corrected, or was set back - and no peer reports a clock that would accept it.
         * </ul>
         *
         * <p>A node that hears no peer accepts writes: availability does not depend on other nodes. Nor does it depend
         * on an update that the node accepted from a peer whose clock is just within the bound: the distance is
         * measured from the later of the two clocks.
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
