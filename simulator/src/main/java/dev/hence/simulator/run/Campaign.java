package dev.hence.simulator.run;

import dev.hence.simulator.check.Checker;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.scenario.Profile;
import dev.hence.simulator.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run of many seeds on several threads, until one breaks a promise or all are done. The result of a seed does not
 * depend on the number of threads.
 *
 * <p>It is run once, by one thread; other threads may call {@link #tally} meanwhile.
 */
public final class Campaign {
    private final Supplier<Checker> checkers;
    private final @Nullable Profile profile;
    private final long to;
    private final AtomicLong next;
    private final Tally tally = new Tally();
    private @Nullable Failing failing;

    /** A scenario that breaks a promise. */
    private record Failing(Scenario scenario, Violation violation) {}

    /**
     * @param checkers new checkers for each run
     * @param profile the profile for all seeds; null for each seed's own
     * @param from the first seed
     * @param count the maximum number of seeds
     */
    public Campaign(Supplier<Checker> checkers, @Nullable Profile profile, long from, long count) {
        this.checkers = checkers;
        this.profile = profile;
        this.to = from + count < from ? Long.MAX_VALUE : from + count;
        this.next = new AtomicLong(from);
    }

    /**
     * Runs the seeds.
     *
     * @param enough checked before each run: whether to stop early
     * @return the smallest scenario found that breaks a promise; empty if none was broken
     */
    public Optional<Finding> run(int threads, BooleanSupplier enough) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        List<Throwable> bugs = new ArrayList<>();
        for (int number = 0; number < threads; number++) {
            Thread worker = Thread.ofPlatform().name("simulation-" + number).unstarted(() -> work(enough));
            worker.setUncaughtExceptionHandler((thread, bug) -> {
                synchronized (bugs) {
                    bugs.add(bug);
                }
            });
            workers.add(worker);
        }
        workers.forEach(Thread::start);
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException interrupted) {
            next.set(to);
            throw interrupted;
        }
        if (!bugs.isEmpty()) {
            throw new IllegalStateException("the simulator itself failed", bugs.getFirst());
        }
        Failing first = failing;
        return Optional.ofNullable(first)
                .map(found -> Minimizer.minimize(found.scenario(), checkers, found.violation()));
    }

    private void work(BooleanSupplier enough) {
        for (long seed = next.getAndIncrement(); seed < to && !enough.getAsBoolean(); seed = next.getAndIncrement()) {
            Scenario scenario = (profile == null ? Profile.ofSeed(seed) : profile).scenario(seed);
            Tally mine = new Tally();
            Violation violation = Simulation.run(scenario, mine.then(checkers.get()));
            note(mine, violation == null ? null : new Failing(scenario, violation));
        }
    }

    private synchronized void note(Tally mine, @Nullable Failing found) {
        tally.add(mine);
        if (found != null) {
            // Threads that run a smaller seed finish it: the smallest failing seed of those started is reported.
            next.set(to);
            if (failing == null || found.scenario().seed() < failing.scenario().seed()) {
                failing = found;
            }
        }
    }

    /** The counts so far. */
    public synchronized Tally tally() {
        Tally copy = new Tally();
        copy.add(tally);
        return copy;
    }
}
