package dev.hence.http;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.node.session.MalformedTokenException;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Sessions over HTTP: the {@code Hence-Session} header in both directions, and the waiting until the node
 * has all that a client has seen.
 *
 * <p>Thread-safe.
 */
final class Sessions {

    static final String SESSION_HEADER = "Hence-Session";
    static final String WAIT_HEADER = "Hence-Wait";

    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(1);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** A header that was made before; between two writes all answers carry the same. */
    private record Made(VersionVector clock, HttpField header) {}

    private final Store store;
    private final SessionTokens tokens;
    private volatile Made last;

    Sessions(Store store, SessionTokens tokens) {
        this.store = store;
        this.tokens = tokens;
        this.last = made(VersionVector.EMPTY);
    }

    /** The header that stands for a clock. */
    HttpField header(VersionVector clock) {
        Made present = last;
        if (!present.clock().equals(clock)) {
            present = made(clock);
            last = present;
        }
        return present.header();
    }

    private Made made(VersionVector clock) {
        return new Made(clock, new PreEncodedHttpField(SESSION_HEADER, tokens.encode(clock)));
    }

    /**
     * All that the tokens of a request stand for.
     *
     * @throws HttpProblem if one is malformed
     */
    VersionVector of(HttpFields headers) {
        VersionVector session = VersionVector.EMPTY;
        for (HttpField field : headers) {
            if (field.is(SESSION_HEADER) && field.getValue() != null) {
                session = session.join(joined(field.getValue()));
            }
        }
        return session;
    }

    /** The same for answers to requests that are wrong anyway: tokens that cannot be read are passed over. */
    VersionVector readable(HttpFields headers) {
        try {
            return of(headers);
        } catch (HttpProblem malformed) {
            return VersionVector.EMPTY;
        }
    }

    private VersionVector joined(String header) {
        try {
            return tokens.decodeAll(header);
        } catch (MalformedTokenException malformed) {
            throw new HttpProblem(ErrorCode.SESSION_TOKEN, String.valueOf(malformed.getMessage()));
        }
    }

    /**
     * Returns when readers of this node see all that the session has seen.
     *
     * @throws HttpProblem if that takes longer than the request is willing to wait
     */
    void await(VersionVector session, HttpFields headers) throws InterruptedException {
        String given = headers.get(WAIT_HEADER);
        Duration wait = given == null ? WAIT_DEFAULT : parseWait(given);
        if (session.isEmpty() || store.clock().descends(session) || store.awaitClock(session, wait)) {
            return;
        }
        List<Dot> missing = store.clock().missing(session);
        if (!missing.isEmpty()) {
            throw HttpProblem.sessionBehind(
                    "session: " + missing.size() + " of its entries are missing after " + wait.toMillis()
                            + " ms (expected: the updates it has seen; wait longer with " + WAIT_HEADER
                            + ", or ask another node)",
                    missing);
        }
    }

    /** Reads {@code 250}, {@code 250ms} or {@code 2s}. */
    static Duration parseWait(String text) {
        String trimmed = text.strip();
        boolean millis = trimmed.endsWith("ms");
        boolean seconds = !millis && trimmed.endsWith("s");
        String digits = trimmed.substring(0, trimmed.length() - (millis ? 2 : seconds ? 1 : 0));
        if (!digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long number = Long.parseLong(digits);
            Duration wait = seconds ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            if (wait.compareTo(WAIT_MAX) <= 0) {
                return wait;
            }
        }
        throw HttpProblem.badRequest(WAIT_HEADER + ": \"" + text + "\" (expected: 0 to " + WAIT_MAX.toSeconds()
                + "s, such as 250, 250ms or 2s)");
    }
}
