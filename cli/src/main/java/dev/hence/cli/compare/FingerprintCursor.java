package dev.hence.cli.compare;

import dev.hence.client.Bytes;
import dev.hence.client.FingerprintPage;
import dev.hence.client.HenceClient;
import dev.hence.client.KeyFingerprint;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one node with their fingerprints, in the order of keys, read page by page. The next page is fetched while
 * this one is processed, so that the compared nodes work at the same time.
 *
 * <p>Not thread-safe.
 */
final class FingerprintCursor {

    /** A node's pages: the one after a cursor; null for the first. */
    @FunctionalInterface
    interface Pages extends Function<@Nullable String, FingerprintPage> {
        /** The pages of a node. */
        static Pages of(HenceClient node) {
            return after -> node.fingerprints(after, HenceClient.PAGE_KEYS_MAX);
        }
    }

    private final Pages node;
    private final Executor threads;
    private Iterator<KeyFingerprint> page = List.<KeyFingerprint>of().iterator();
    private @Nullable CompletableFuture<FingerprintPage> underWay;
    private @Nullable KeyFingerprint current;
    private boolean begun;

    FingerprintCursor(Pages node, Executor threads) {
        this.node = node;
        this.threads = threads;
        this.underWay = read(null);
    }

    /** Where it stands; empty behind the last key. */
    Optional<KeyFingerprint> current() {
        if (!begun) {
            begun = true;
            advance();
        }
        return Optional.ofNullable(current);
    }

    /** What it has for a key, moving on if it stands there; empty if it has none. */
    Optional<KeyFingerprint> take(Bytes key) {
        Optional<KeyFingerprint> here = current().filter(found -> found.key().equals(key));
        if (here.isPresent()) {
            advance();
        }
        return here;
    }

    private void advance() {
        while (!page.hasNext() && underWay != null) {
            FingerprintPage read = awaited(underWay);
            page = read.items().iterator();
            underWay = read.next().map(this::read).orElse(null);
        }
        current = page.hasNext() ? page.next() : null;
    }

    private CompletableFuture<FingerprintPage> read(@Nullable String after) {
        return CompletableFuture.supplyAsync(() -> node.apply(after), threads);
    }

    private static FingerprintPage awaited(CompletableFuture<FingerprintPage> page) {
        try {
            return page.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
