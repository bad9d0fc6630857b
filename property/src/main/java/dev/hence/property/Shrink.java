package dev.hence.property;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shrinks a failing trace by leaving out steps as long as it still fails: halves first, then ever smaller pieces, and
 * finally single steps until none can be removed.
 *
 * <p>Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input (IEEE TSE 2002), without the complements.
 */
public final class Shrink {
    private Shrink() {}

    /**
     * Returns a failing part of the trace of which no single step can be left out.
     *
     * @param failing a trace that fails
     * @param fails whether a trace fails; deterministic
     */
    public static <S> List<S> byDeletion(List<S> failing, Predicate<List<S>> fails) {
        List<S> minimal = failing;
        int chunk = Math.max(1, minimal.size() / 2);
        while (true) {
            List<S> smaller = withoutChunks(minimal, chunk, fails);
            if (chunk == 1 && smaller.size() == minimal.size()) {
                return minimal;
            }
            minimal = smaller;
            chunk = Math.max(1, chunk / 2);
        }
    }

    private static <S> List<S> withoutChunks(List<S> failing, int chunk, Predicate<List<S>> fails) {
        List<S> minimal = failing;
        int at = 0;
        while (at < minimal.size()) {
            List<S> candidate = new ArrayList<>(minimal.subList(0, at));
            candidate.addAll(minimal.subList(Math.min(at + chunk, minimal.size()), minimal.size()));
            if (fails.test(candidate)) {
                minimal = candidate;
            } else {
                at += chunk;
            }
        }
        return minimal;
    }
}
