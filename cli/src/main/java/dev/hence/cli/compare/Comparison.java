package dev.hence.cli.compare;

import dev.hence.cli.compare.FingerprintCursor.Pages;
import dev.hence.client.Bytes;
import dev.hence.client.KeyFingerprint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Compares all keys of several nodes: their lists have the same order and are walked together.
 *
 * <p>The lists are not read at the same moment, and a key leaves a node's list at its deadline without any update. So
 * a key that some nodes have and others have not is no difference if it is about to expire where it is: it is passed
 * over, and counted apart.
 */
final class Comparison {

    /** By how much the clocks of nodes may differ, and the reading of one list take longer than that of another. */
    static final Duration EXPIRY_MARGIN = Duration.ofSeconds(30);

    private static final int SHOWN_MAX = 20;

    private final List<FingerprintCursor> nodes;
    private final InstantSource clock;
    private final List<Difference> some = new ArrayList<>();
    private long keys;
    private long different;
    private long expired;

    /**
     * A key on which nodes differ.
     *
     * @param found what each node has, in the order of nodes; empty where there is nothing
     */
    record Difference(Bytes key, List<Optional<KeyFingerprint>> found) {
        /** What each node has, in words. */
        String told(List<String> urls) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < urls.size(); i++) {
                parts.add(
                        urls.get(i) + ": " + found.get(i).map(Difference::told).orElse("absent"));
            }
            return String.join("; ", parts);
        }

        private static String told(KeyFingerprint fingerprint) {
            String size = fingerprint.type().equals("string") ? "" : " of " + fingerprint.size();
            String deadline = fingerprint
                    .deadline()
                    .map(instant -> ", expires " + instant)
                    .orElse("");
            return fingerprint.type() + size + deadline + ", " + fingerprint.fingerprint();
        }
    }

    private Comparison(List<FingerprintCursor> nodes, InstantSource clock) {
        this.nodes = nodes;
        this.clock = clock;
    }

    /** Reads all keys of all nodes. */
    static Comparison of(List<Pages> nodes, InstantSource clock) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Comparison comparison = new Comparison(
                    nodes.stream()
                            .map(node -> new FingerprintCursor(node, threads))
                            .toList(),
                    clock);
            comparison.walk();
            return comparison;
        }
    }

    private void walk() {
        for (Bytes key = smallest(); key != null; key = smallest()) {
            Bytes here = key;
            List<Optional<KeyFingerprint>> found =
                    nodes.stream().map(node -> node.take(here)).toList();
            keys++;
            Set<Optional<KeyFingerprint>> distinct = new HashSet<>(found);
            if (distinct.size() > 1 && isExpiring(distinct)) {
                expired++;
            } else if (distinct.size() > 1) {
                different++;
                if (some.size() < SHOWN_MAX) {
                    some.add(new Difference(here, found));
                }
            }
        }
    }

    /** Whether all that tells the nodes apart is that some have seen the key's deadline go by, and others not yet. */
    private boolean isExpiring(Set<Optional<KeyFingerprint>> distinct) {
        Instant soon = clock.instant().plus(EXPIRY_MARGIN);
        return distinct.size() == 2
                && distinct.contains(Optional.<KeyFingerprint>empty())
                && distinct.stream()
                        .flatMap(Optional::stream)
                        .flatMap(found -> found.deadline().stream())
                        .anyMatch(deadline -> !deadline.isAfter(soon));
    }

    private @Nullable Bytes smallest() {
        return nodes.stream()
                .flatMap(node -> node.current().stream())
                .map(KeyFingerprint::key)
                .min(Bytes::compareTo)
                .orElse(null);
    }

    /** How many keys at least one node has. */
    long keys() {
        return keys;
    }

    /** How many of them expired meanwhile, so that some nodes show them and others do not. */
    long expired() {
        return expired;
    }

    /** On how many of the others nodes differ. */
    long different() {
        return different;
    }

    /** The first of these. */
    List<Difference> some() {
        return List.copyOf(some);
    }
}
