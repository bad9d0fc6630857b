package dev.hence.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a client has seen, as session tokens: the latest ones, none of which is known to cover another. Thread-safe.
 *
 * <p><b>Invariant.</b> The tokens together cover every answer taken so far. Tokens are opaque, so only a
 * node can join them: a request is sent with all of them, and the token of its answer covers what the
 * request was sent with. Exactly those are replaced. What other calls added meanwhile stays, so of two
 * answers that come at the same time neither loses its token.
 *
 * <p><b>Bound.</b> A call that ends removes all that was there when it began, so there are at most as many
 * tokens as calls ended during one call. When these no longer fit a request, {@link #part} is to be sent
 * first to have it joined.
 */
final class Session {

    /** How many tokens a request carries at most. */
    static final int TOKENS_SENT_MAX = 16;

    /** How long these may be together; less only for a pair, without which there is no joining. */
    static final int TOKEN_CHARS_SENT_MAX = 8 << 10;

    private final Set<String> tokens = new LinkedHashSet<>();

    private final ReentrantLock joining = new ReentrantLock();

    private Session() {}

    /**
     * The session that the text stands for: tokens joined by commas.
     *
     * @throws IllegalArgumentException if a header cannot carry it
     */
    static Session of(String text) {
        Session session = new Session();
        session.tokens.addAll(split(text));
        return session;
    }

    /** The tokens of a header. */
    static List<String> split(String text) {
        List<String> found = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            String token = text.substring(from, to).strip();
            if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException(
                        "session token: contains invalid characters (expected: the token of an earlier session)");
            }
            if (!token.isEmpty()) {
                found.add(token);
            }
            from = to + 1;
        }
        return found;
    }

    /** All tokens. */
    synchronized List<String> tokens() {
        return List.copyOf(tokens);
    }

    /** The first tokens, as many as one request can carry. */
    static List<String> part(List<String> tokens) {
        int chars = 0;
        int count = 0;
        while (count < tokens.size() && count < TOKENS_SENT_MAX) {
            chars += tokens.get(count).length() + 1;
            if (chars > TOKEN_CHARS_SENT_MAX && count >= 2) {
                break;
            }
            count++;
        }
        return tokens.subList(0, count);
    }

    /** Puts the tokens of an answer in the place of those that its request was sent with. */
    synchronized void replace(List<String> sent, List<String> received) {
        sent.forEach(tokens::remove);
        tokens.addAll(received);
    }

    /** Held by the thread that has tokens joined. */
    ReentrantLock joining() {
        return joining;
    }
}
