package dev.hence.property;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement that must hold for every trace, a trace being a list of steps; tried on random ones.
 *
 * <p>Trace number <i>n</i> is made from seed <i>n</i>, so a run is the same everywhere and more traces only add to
 * it: {@code -Dhence.traces=100000} tries that many of every property, {@code -Dhence.seed=17} that one alone.
 *
 * <p>A trace that fails is shrunk by leaving out steps as long as it still fails. The check therefore has to give
 * every list of steps a meaning: a step refers to others by position modulo what there is, and does nothing where
 * there is nothing. Settings are steps as well, with a default for when they are left out.
 *
 * @param statement what holds, in words
 * @param generator makes a trace, from nothing but the randomness given
 * @param check throws if the statement does not hold for a trace; deterministic
 */
public record Property<S>(String statement, Function<RandomGenerator, List<S>> generator, Consumer<List<S>> check) {

    private static final String TRACES = "hence.traces";
    private static final String SEED = "hence.seed";

    /** Traces of 1 to {@code lengthMax} steps, each made on its own. */
    public static <S> Function<RandomGenerator, List<S>> steps(int lengthMax, Function<RandomGenerator, S> step) {
        return random -> Stream.generate(() -> step.apply(random))
                .limit(1 + random.nextInt(lengthMax))
                .toList();
    }

    /** Traces that begin with one step of their own, usually the settings. */
    public static <S> Function<RandomGenerator, List<S>> steps(
            Function<RandomGenerator, ? extends S> first, int lengthMax, Function<RandomGenerator, S> step) {
        return random -> {
            List<S> trace = new ArrayList<>();
            trace.add(first.apply(random));
            trace.addAll(Property.steps(lengthMax, step).apply(random));
            return trace;
        };
    }

    /**
     * Tries the statement on this many traces, or on those that the system properties ask for.
     *
     * @throws AssertionError with the seed and the minimal trace, if it does not hold for one
     */
    public void holdsFor(int traces) {
        Long seed = Long.getLong(SEED);
        if (seed != null) {
            tryOn(seed);
            return;
        }
        int wanted = Integer.getInteger(TRACES, traces);
        for (long next = 1; next <= wanted; next++) {
            tryOn(next);
        }
    }

    private void tryOn(long seed) {
        List<S> trace = generator.apply(new SplittableRandom(seed));
        if (failure(trace) == null) {
            return;
        }
        List<S> minimal = Shrink.byDeletion(trace, smaller -> failure(smaller) != null);
        Throwable failure = failure(minimal);
        String steps = minimal.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
        throw new AssertionError(
                "%s: does not hold%nseed %d (again: -D%s=%d), %d of %d steps are enough:%n%s%n%s"
                        .formatted(statement, seed, SEED, seed, minimal.size(), trace.size(), steps, failure),
                failure);
    }

    private @Nullable Throwable failure(List<S> trace) {
        try {
            check.accept(trace);
            return null;
        } catch (RuntimeException | AssertionError failure) {
            return failure;
        }
    }
}
