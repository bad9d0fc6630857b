package dev.hence.client;

import dev.hence.client.HenceClientBuilder.Settings;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Tries a call at one node after another, round by round, until one answers or the deadline has passed.
 * Thread-safe.
 *
 * <p>What may be tried again: a read always, unless the failure would be the same everywhere (the request is
 * wrong); a write only when the failure is definite. Between rounds there is a pause that grows.
 *
 * <p><b>How time is divided.</b> A node may take the part of what is left that leaves as much for each node
 * after it; a write that was sent may take all of it, since it cannot go elsewhere. The wait for the session
 * is short at first, as another node may be ahead, and longer in later rounds.
 */
final class Failover implements AutoCloseable {

    private static final long SESSION_WAIT_FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SESSION_WAIT_MAX_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long ANSWER_MARGIN_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** With less time than this another attempt would only put its own failure in the place of a telling one. */
    private static final long ATTEMPT_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long PAUSE_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int PAUSE_DOUBLINGS_MAX = 4;
    private static final int WAIT_DOUBLINGS_MAX = 6;

    private final Nodes nodes;
    private final Settings settings;
    private final Transport transport;

    Failover(Nodes nodes, Settings settings) {
        this.nodes = nodes;
        this.settings = settings;
        this.transport = new Transport(settings.answerBytesMax(), nodes.haveTls());
    }

    List<URI> nodes() {
        return nodes.bases();
    }

    Settings settings() {
        return settings;
    }

    /** The answer of the first node that gives one. */
    <B> Answer<B> answer(Call call, BodyKind<B> kind, Session session, Deadline deadline) {
        List<String> tokens = call.isInSession() ? tokensToSend(session, deadline) : List.of();
        return answer(call, kind, session, tokens, deadline);
    }

    /** The session's tokens, after nodes have joined some if they were too many for one request. */
    private List<String> tokensToSend(Session session, Deadline deadline) {
        List<String> tokens = session.tokens();
        while (Session.part(tokens).size() < tokens.size()) {
            joinOnce(session, deadline);
            tokens = session.tokens();
        }
        return tokens;
    }

    /** One thread joins at a time; those that waited for it mostly find nothing left to do. */
    private void joinOnce(Session session, Deadline deadline) {
        try {
            if (!session.joining().tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw problem(Problem.DEADLINE_EXCEEDED, "timed out while joining the session's tokens");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        try {
            List<String> tokens = session.tokens();
            List<String> part = Session.part(tokens);
            if (part.size() < tokens.size()) {
                answer(Call.join(), BodyKind.WHOLE, session, part, deadline);
            }
        } finally {
            session.joining().unlock();
        }
    }

    private <B> Answer<B> answer(Call call, BodyKind<B> kind, Session session, List<String> tokens, Deadline deadline) {
        Failures failures = new Failures();
        for (int round = 0; ; round++) {
            List<Node> order = nodes.inOrder();
            for (int at = 0; at < order.size(); at++) {
                Node node = order.get(at);
                Attempt.Times times = times(call, order.size(), at, round, deadline);
                try {
                    Answer<B> answer = transport.exchange(node, call, kind, session, tokens, times);
                    node.succeeded();
                    return answer;
                } catch (AttemptFailedException e) {
                    failures.add(node, toRetryOrThrow(e, call, node, failures));
                }
                if (deadline.remainingNanos() < ATTEMPT_MIN_NANOS) {
                    throw failures.toThrow();
                }
            }
            if (round + 1 >= settings.roundsMax() || !pause(round, deadline)) {
                throw failures.toThrow();
            }
        }
    }

    // What remains of a failure that another attempt may make good; any other is thrown.
    private static HenceException toRetryOrThrow(AttemptFailedException e, Call call, Node node, Failures earlier) {
        HenceException failure = e.problem().toException(call.isWrite(), e.getCause());
        if (!e.problem().isOfNode()) {
            throw earlier.withTheOthers(failure);
        }
        node.failed();
        return switch (failure) {
            case DefiniteException definite -> definite;
            case IndefiniteException indefinite -> throw earlier.withTheOthers(indefinite);
        };
    }

    private Attempt.Times times(Call call, int nodes, int at, int round, Deadline deadline) {
        long remaining = Math.max(1, deadline.remainingNanos());
        long share = remaining / (nodes - at);
        long connect = Math.min(share, Deadline.nanos(settings.connectTimeout()));
        return new Attempt.Times(
                connect,
                call.isWrite() ? remaining : share,
                sessionWaitMillis(call, nodes == 1 ? remaining : share, nodes == 1 ? WAIT_DOUBLINGS_MAX : round));
    }

    private static long sessionWaitMillis(Call call, long nanosMax, int round) {
        if (call.kind() == Call.Kind.JOIN) {
            return 0;
        }
        long wanted = SESSION_WAIT_FIRST_NANOS << Math.min(round, WAIT_DOUBLINGS_MAX);
        // The answer that the wait was in vain must still arrive in time.
        long inTime = nanosMax - Math.min(nanosMax / 10, ANSWER_MARGIN_MAX_NANOS);
        return TimeUnit.NANOSECONDS.toMillis(Math.min(Math.min(wanted, inTime), SESSION_WAIT_MAX_NANOS));
    }

    /**
     * Waits before the next round: 50 ms, doubling up to 800 ms, up to half of it left out at random so that
     * clients do not come in step. Does not wait, and says so, if the deadline comes first.
     */
    boolean pause(int round, Deadline deadline) {
        long nanos = PAUSE_MIN_NANOS << Math.min(round, PAUSE_DOUBLINGS_MAX);
        nanos -= ThreadLocalRandom.current().nextLong(nanos / 2);
        if (deadline.remainingNanos() <= nanos) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    // Both happen between attempts, when nothing is under way.
    private static HenceException interrupted() {
        Thread.currentThread().interrupt();
        return problem(Problem.INTERRUPTED, "the calling thread was interrupted");
    }

    private static HenceException problem(String code, String detail) {
        return Problem.ofClient(code, 0, detail, "", true).toException(false, null);
    }

    @Override
    public void close() {
        transport.close();
    }
}
