package dev.hence.simulator.check;

import dev.hence.simulator.check.GroundTruth.Node;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The four session guarantees: read your writes, monotonic reads, monotonic writes, writes follow reads.
 *
 * <p>They are checked on sets of updates, which is stricter than on values. A session has <em>read</em> everything that
 * was visible at the nodes that answered it, when they served it, and has <em>written</em> the updates that were
 * acknowledged to it. Both must be visible wherever a later request of the session is served; and if that request
 * writes, both must be in the true past of its update. A request of unknown outcome adds no requirement to the session.
 *
 * <p>Across nodes this depends on the clock in every answer, so the clock is checked as well: it covers what was
 * visible to the request, and the request's own update.
 *
 * <p>Terry, Demers, Petersen, Spreitzer, Theimer, Welch: Session Guarantees for Weakly Consistent Replicated Data
 * (PDIS 1994).
 */
final class SessionGuaranteeChecker implements Checker {
    private static final String READ_YOUR_WRITES = "read your writes";
    private static final String MONOTONIC_READS = "monotonic reads";
    private static final String MONOTONIC_WRITES = "monotonic writes";
    private static final String WRITES_FOLLOW_READS = "writes follow reads";
    private static final String SESSION_CLOCK = "the clock of an answer";

    /** The requirements of a session; immutable, so that a request keeps those known when it was sent. */
    private record Known(UpdateSet read, UpdateSet written) {
        static final Known NOTHING = new Known(new UpdateSet(), new UpdateSet());

        Known and(UpdateSet seen, @Nullable TracedUpdate made) {
            UpdateSet reads = read.copy();
            reads.addAll(seen);
            if (made == null) {
                return new Known(reads, written);
            }
            UpdateSet writes = written.copy();
            writes.add(made);
            return new Known(reads, writes);
        }
    }

    /**
     * A request in progress: the requirements of its session when it was sent, and what was visible when it was served.
     */
    private record UnderWay(Known known, @Nullable UpdateSet seen, Map<String, Long> seenClock) {}

    private final GroundTruth truth;
    private final Map<String, Known> sessions = new HashMap<>();
    private final Map<Integer, UnderWay> underWay = new HashMap<>();

    SessionGuaranteeChecker(GroundTruth truth) {
        this.truth = truth;
    }

    @Override
    public void observe(Event event) {
        switch (event) {
            case Event.Asked(long at, Request request)
            when request.inSession() ->
                underWay.put(
                        request.id(),
                        new UnderWay(sessions.getOrDefault(request.session(), Known.NOTHING), null, Map.of()));
            case Event.Served(long at, Request request, var values, long wallMillis)
            when request.inSession() -> serve(event, request, underWay.get(request.id()));
            case Event.Answered(long at, Request request, Outcome outcome)
            when request.inSession() -> {
                UnderWay asked = underWay.remove(request.id());
                if (asked != null && outcome instanceof Outcome.Done done) {
                    answer(event, request, asked, done);
                }
            }
            default -> {}
        }
    }

    private void serve(Event event, Request request, @Nullable UnderWay asked) {
        if (asked == null) {
            return;
        }
        Node node = truth.node(request.node());
        require(event, request, asked.known(), node.visible.updates(), null);
        underWay.put(
                request.id(), new UnderWay(asked.known(), node.visible.updates().copy(), node.visible.clock()));
    }

    private void answer(Event event, Request request, UnderWay asked, Outcome.Done done) {
        TracedUpdate update = done.update();
        if (update != null) {
            require(event, request, asked.known(), truth.past(update), update);
        }
        requireClock(event, request, asked, done);
        UpdateSet seen = asked.seen() == null ? new UpdateSet() : asked.seen();
        Known now = sessions.getOrDefault(request.session(), Known.NOTHING);
        sessions.put(request.session(), now.and(seen, update));
    }

    /** @param became the update that the request became; null if the check is on where it was served */
    private void require(Event event, Request request, Known known, UpdateSet there, @Nullable TracedUpdate became) {
        boolean writes = !request.writes().isEmpty();
        UpdateSet present = there.copy();
        present.addAll(truth.forgotten());
        int written = present.firstMissingOf(known.written());
        if (written >= 0) {
            throw broken(writes ? MONOTONIC_WRITES : READ_YOUR_WRITES, event, request, became, written, "written");
        }
        int read = present.firstMissingOf(known.read());
        if (read >= 0) {
            throw broken(writes ? WRITES_FOLLOW_READS : MONOTONIC_READS, event, request, became, read, "read");
        }
    }

    private Violation broken(
            String promise, Event event, Request request, @Nullable TracedUpdate became, int missing, String how) {
        String where = became == null
                ? " was served at " + truth.node(request.node()).name
                : " became " + truth.describe(became);
        return GroundTruth.broken(
                promise,
                event,
                describe(request) + where + " without " + truth.describe(missing) + ", which the session had " + how);
    }

    private static void requireClock(Event event, Request request, UnderWay asked, Outcome.Done done) {
        TracedUpdate update = done.update();
        if (update != null && done.clock().getOrDefault(update.replica(), 0L) < update.counter()) {
            throw GroundTruth.broken(
                    SESSION_CLOCK,
                    event,
                    describe(request) + " became " + update.dot() + " and was answered with the clock "
                            + new TreeMap<>(done.clock()) + " (expected: one that covers it)");
        }
        asked.seenClock().forEach((replica, counter) -> {
            if (done.clock().getOrDefault(replica, 0L) < counter) {
                throw GroundTruth.broken(
                        SESSION_CLOCK,
                        event,
                        describe(request) + " was served where " + new TreeMap<>(asked.seenClock())
                                + " was visible, and answered with the clock " + new TreeMap<>(done.clock())
                                + " (expected: one that covers it)");
            }
        });
    }

    private static String describe(Request request) {
        return "request " + request.id() + " of session " + request.session();
    }
}
