package dev.hence.cli.compare;

import dev.hence.client.Bytes;
import dev.hence.client.HenceClient;
import dev.hence.client.KeyFingerprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All keys of several nodes side by side: their lists, which are in one order, are walked together. */
final class Comparison {

    private static final int SHOWN_MAX = 20;

    private final List<FingerprintCursor> nodes;
    private final List<Difference> some = new ArrayList<>();
    private long keys;
    private long different;

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

    private Comparison(List<FingerprintCursor> nodes) {
        this.nodes = nodes;
    }

    /** Reads all keys of all nodes. */
    static Comparison of(List<HenceClient> clients) {
        Comparison comparison =
                new Comparison(clients.stream().map(FingerprintCursor::new).toList());
        comparison.walk();
        return comparison;
    }

    private void walk() {
        for (Bytes key = smallest(); key != null; key = smallest()) {
            Bytes here = key;
            List<Optional<KeyFingerprint>> found =
                    nodes.stream().map(node -> node.take(here)).toList();
            keys++;
            Set<Optional<KeyFingerprint>> distinct = new HashSet<>(found);
            if (distinct.size() > 1) {
                different++;
                if (some.size() < SHOWN_MAX) {
                    some.add(new Difference(here, found));
                }
            }
        }
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

    /** On how many of them nodes differ. */
    long different() {
        return different;
    }

    /** The first of these. */
    List<Difference> some() {
        return List.copyOf(some);
    }
}
