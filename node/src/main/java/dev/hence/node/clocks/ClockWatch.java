package dev.hence.node.clocks;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.ClockJumps;
import dev.hence.core.replication.ClockAgreement;
import dev.hence.core.replication.ClockAgreement.Reading;
import dev.hence.core.replication.ClockAgreement.Verdict;
import dev.hence.node.store.HealthIssue;
import dev.hence.node.store.NodeStatus;
import dev.hence.node.store.WriteRefusedException;
import dev.hence.node.store.WriteRefusedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor of the node's wall clock. It compares the clock with a monotonic clock, with the clocks of its peers, and
 * with the node's own hybrid clock. {@link ClockAgreement} decides the consequences: whether expired keys may be
 * removed, and whether local writes are rejected because the other nodes would hold them back.
 *
 * <p>Thread-safe.
 */
public final class ClockWatch {

    /** The maximum difference between clocks that agree. */
    public static final Duration TOLERANCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ClockWatch.class);

    /** The maximum age of a peer's heartbeat; heartbeats arrive several times a second. */
    private static final Duration HEARD_MAX = Duration.ofSeconds(5);

    /** A smaller jump cannot be distinguished from a slow machine. */
    private static final Duration JUMP_MIN = Duration.ofSeconds(2);

    private final ClockBound bound;
    private final LongSupplier wallMillis;
    private final ClockAgreement agreement;
    private final ClockJumps jumps;
    private final Counter jumpCount;
    private int peers;
    private long timestamp;
    private long lastJumpMillis;
    private Verdict told = Verdict.AGREES;
    private boolean toldRefusal;

    /**
     * @param peers how many peers are configured
     * @param timestamp the node's hybrid clock as it was stored
     */
    public ClockWatch(ClockBound bound, LongSupplier wallMillis, int peers, long timestamp, MeterRegistry meters) {
        this.bound = bound;
        this.wallMillis = wallMillis;
        this.peers = peers;
        this.timestamp = timestamp;
        this.agreement = new ClockAgreement(new ClockAgreement.Rule(TOLERANCE.toMillis(), HEARD_MAX.toMillis()));
        this.jumps = new ClockJumps(JUMP_MIN.toMillis(), wallMillis.getAsLong(), forwardMillis());
        this.jumpCount = Counter.builder("hence.clock.jumps")
                .description("Number of times that this node's wall clock was set forward or back by seconds or more")
                .register(meters);
        Gauge.builder("hence.clock.agrees", this, watch -> watch.reading().verdict() == Verdict.AGREES ? 1 : 0)
                .description("1 if this node's wall clock agrees with most members, so that it removes expired keys")
                .register(meters);
        Gauge.builder("hence.clock.skew", this, ClockWatch::skewSeconds)
                .baseUnit("seconds")
                .description("Largest difference between the wall clock of a peer and this node's")
                .register(meters);
        Gauge.builder("hence.clock.hybrid.ahead", this, watch -> watch.hybridAheadMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("How far this node's hybrid clock is ahead of its wall clock")
                .register(meters);
    }

    private static long forwardMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** The node's wall clock, in milliseconds since 1970. */
    public long wallMillis() {
        return wallMillis.getAsLong();
    }

    /** The bound that received updates are checked against. */
    public ClockBound bound() {
        return bound;
    }

    /** Sets the number of peers: a configured peer may turn out to be this node. */
    public synchronized void peers(int count) {
        peers = count;
    }

    /** Records the wall clock that a peer reports. */
    public synchronized void heard(String member, long memberMillis) {
        agreement.heard(member, memberMillis, forwardMillis());
        tell();
    }

    /** Records the node's hybrid clock. */
    public synchronized void applied(long lastTimestamp) {
        timestamp = lastTimestamp;
    }

    /** The current readings of all clocks. */
    public synchronized Reading reading() {
        long wall = wallMillis();
        long forward = forwardMillis();
        long jumpMillis = jumps.look(wall, forward);
        if (jumpMillis != 0) {
            lastJumpMillis = jumpMillis;
            jumpCount.increment();
            log.warn(
                    "This node's wall clock was set {} by {} s: it determines deadlines and the order of concurrent"
                            + " writes",
                    jumpMillis > 0 ? "forward" : "back",
                    Math.abs(jumpMillis) / 1_000.0);
        }
        return agreement.read(peers, wall, forward);
    }

    /** The time up to which expired keys may be removed; empty if this node may remove none now. */
    public OptionalLong removalMillis() {
        return reading().removalMillis();
    }

    /** Why the clock makes the node reject local writes now; empty if it does not. */
    public synchronized Optional<WriteRefusedException> refusal() {
        Reading reading = reading();
        return reading.refusesWrites(timestamp, bound)
                ? Optional.of(new WriteRefusedException(Reason.CLOCK_AHEAD, whyRefused(reading)))
                : Optional.empty();
    }

    private String whyRefused(Reading reading) {
        long most = TimeUnit.MILLISECONDS.toSeconds(bound.aheadMillisMax());
        long hybridAheadMillis = ClockBound.aheadMillis(timestamp, reading.wallMillis());
        if (hybridAheadMillis > bound.aheadMillisMax()) {
            return "hybrid clock: " + seconds(hybridAheadMillis)
                    + " ahead of this node's wall clock (expected: at most "
                    + most + " s); the wall clock was wrong or was set back. Other nodes would hold writes of this"
                    + " node: see docs/operations.md";
        }
        return "wall clock: ahead of the clocks of most members (" + differences(reading) + "; expected: at most "
                + most + " s). Other nodes would hold writes of this node: set this machine's clock";
    }

    /** The health issues of clocks. */
    public synchronized List<HealthIssue> health() {
        List<HealthIssue> issues = new ArrayList<>();
        refusal().ifPresent(refusal -> issues.add(refusal.asHealthIssue()));
        Reading reading = reading();
        if (reading.verdict() == Verdict.DISAGREES) {
            issues.add(new HealthIssue(
                    HealthIssue.Kind.CLOCK_DISAGREES,
                    "wall clock: differs from those of most members (" + differences(reading)
                            + "; expected: within " + TOLERANCE.toSeconds()
                            + " s). This node removes no expired keys: set this machine's clock"));
        }
        return issues;
    }

    /** The clocks in readable form. */
    public synchronized NodeStatus.Clock status() {
        Reading reading = reading();
        return new NodeStatus.Clock(
                reading.wallMillis(),
                reading.verdict(),
                hybridAheadMillis(),
                lastJumpMillis,
                new TreeMap<>(reading.others().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue() - reading.wallMillis()))));
    }

    private synchronized long hybridAheadMillis() {
        return timestamp == 0 ? 0 : ClockBound.aheadMillis(timestamp, wallMillis());
    }

    private double skewSeconds() {
        Reading reading = reading();
        return reading.others().values().stream()
                .mapToDouble(other -> Math.abs(other - reading.wallMillis()) / 1_000.0)
                .max()
                .orElse(0);
    }

    /** Logs a change of the verdict on this node's clock. */
    private void tell() {
        Reading reading = reading();
        Verdict verdict = reading.verdict();
        if (verdict == Verdict.DISAGREES && told != Verdict.DISAGREES) {
            log.warn(
                    "This node's wall clock differs from those of most members ({}): it removes no expired keys; set"
                            + " this machine's clock",
                    differences(reading));
        } else if (verdict == Verdict.AGREES && told == Verdict.DISAGREES) {
            log.info("This node's wall clock agrees with most members again");
        }
        if (verdict != Verdict.UNDECIDED) {
            told = verdict;
        }
        boolean refuses = reading.refusesWrites(timestamp, bound);
        if (refuses != toldRefusal) {
            toldRefusal = refuses;
            if (refuses) {
                log.error("Writes are rejected. {}", whyRefused(reading));
            } else {
                log.info("Writes are accepted again: this node's clocks are within the bound of the other nodes'"
                        + " clocks");
            }
        }
    }

    private static String differences(Reading reading) {
        return new TreeMap<>(reading.others())
                .entrySet().stream()
                        .map(other -> other.getKey() + " by " + seconds(reading.wallMillis() - other.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String seconds(long millis) {
        return millis / 1_000 + " s";
    }
}
