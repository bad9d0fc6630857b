package dev.hence.cli.compare;

import dev.hence.client.Bytes;
import dev.hence.client.FingerprintPage;
import dev.hence.client.HenceClient;
import dev.hence.client.KeyFingerprint;
import java.util.Iterator;
import java.util.List;
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

    /** Where it stands; null behind the last key. */
    @Nullable
    KeyFingerprint current() {
        return current;
    }

    /** What it has for a key, moving on if it stands there; null if it has none. */
    @Nullable
    KeyFingerprint take(Bytes key) {
        KeyFingerprint here = current;
        if (here == null || !here.key().equals(key)) {
            return null;
        }
        advance();
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
