package dev.hence.cli.compare;

import dev.hence.client.Bytes;
import dev.hence.client.FingerprintPage;
import dev.hence.client.HenceClient;
import dev.hence.client.KeyFingerprint;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of one node with their fingerprints, in the order of keys, read page by page. */
final class FingerprintCursor {

    private final HenceClient node;
    private Iterator<KeyFingerprint> page = List.<KeyFingerprint>of().iterator();
    private @Nullable String after;
    private boolean lastPage;
    private @Nullable KeyFingerprint current;

    FingerprintCursor(HenceClient node) {
        this.node = node;
        advance();
    }

    /** Where it stands; empty behind the last key. */
    Optional<KeyFingerprint> current() {
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
        while (!page.hasNext() && !lastPage) {
            FingerprintPage read = node.fingerprints(after, HenceClient.PAGE_KEYS_MAX);
            page = read.items().iterator();
            after = read.next().orElse(null);
            lastPage = read.next().isEmpty();
        }
        current = page.hasNext() ? page.next() : null;
    }
}
