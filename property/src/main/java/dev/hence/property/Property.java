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
 * A statement that must hold for every trace, a trace being a list of steps. It is tested on random traces.
 *
 * <p>Trace number <i>n</i> is generated from seed <i>n</i>, so a run is the same everywhere and a longer run only adds
 * traces: {@code -Dhence.traces=100000} runs that many for every property, {@code -Dhence.seed=17} only that one.
 *
 * <p>A trace that fails is shrunk by leaving out steps as long as it still fails. Every list of steps must therefore be
 * a valid trace: a step refers to other items by position modulo their number, and does nothing if there are none.
 * Settings are steps as well, with a default in case they are left out.
 *
 * @param statement the statement, in words
 * @param generator generates a trace, only from the given randomness
 * @param check throws if the statement does not hold for a trace; deterministic
 */
public record Property<S>(String statement, Function<RandomGenerator, List<S>> generator, Consumer<List<S>> check) {

    private static final String TRACES = "hence.traces";
    private static final String SEED = "hence.seed";

    /** Generates traces of 1 to {@code lengthMax} independent steps. */
    public static <S> Function<RandomGenerator, List<S>> steps(int lengthMax, Function<RandomGenerator, S> step) {
        return random -> Stream.generate(() -> step.apply(random))
                .limit(1 + random.nextInt(lengthMax))
                .toList();
    }

    /** Generates traces that begin with a special step, usually the settings. */
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
     * Tests the statement on the given number of traces, or on those that the system properties select.
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
