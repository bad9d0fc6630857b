package dev.hence.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The updates of a cluster as a node delivers them: each once, and never an effect before its cause. If the node fails,
 * the feed continues at another node from its position.
 *
 * <p>One thread reads; {@link #close} may be called from any. Each update that is handed out becomes part of
 * the client's session, so what is read afterwards, at whichever node, reflects it.
 *
 * <p>{@link #hasNext} and {@link #next} wait as long as nothing happens. They throw {@link
 * DefiniteException} when no node could be followed for as long as the client's deadline, or when a node
 * refuses. Nothing is lost then: calling again tries again from the same position.
 */
public final class ChangeFeed implements Iterator<Change>, AutoCloseable {

    private final Failover failover;
    private final Session session;
    private final Duration patience;
    private final boolean follow;

    private @Nullable Change upcoming;
    private @Nullable String token;
    private boolean ended;
    private int fruitlessConnections;
    private @Nullable Deadline giveUpAt;
    private @Nullable Node node;
    private volatile @Nullable LineStream stream;
    private volatile boolean closed;

    ChangeFeed(Failover failover, Session session, Duration patience, @Nullable String after, boolean follow) {
        this.failover = failover;
        this.session = session;
        this.patience = patience;
        this.token = after;
        this.follow = follow;
    }

    /**
     * Waits for the next update.
     *
     * @return false when the feed was closed, or, if it does not follow, has reached the present
     * @throws DefiniteException if no node can be followed; nothing is lost
     */
    @Override
    public boolean hasNext() {
        while (upcoming == null && !ended && !closed) {
            advance();
        }
        return upcoming != null && !closed;
    }

    /**
     * Waits for the next update.
     *
     * @throws NoSuchElementException where {@link #hasNext} is false
     * @throws DefiniteException if no node can be followed; nothing is lost
     */
    @Override
    public Change next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the change feed has ended");
        }
        Change change = Objects.requireNonNull(upcoming);
        upcoming = null;
        // Whatever follows this update in the feed has seen it, so one token a feed is enough.
        session.replace(token == null ? List.of() : Session.split(token), List.of(change.token()));
        token = change.token();
        return change;
    }

    /**
     * Where to go on after the update handed out last, for {@link HenceClient#changes}; empty at the beginning
     * of all updates.
     */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    private void advance() {
        LineStream lines = open();
        if (lines == null) {
            return;
        }
        try {
            Optional<Bytes> line =
                    lines.nextLine(Deadline.in(failover.settings().feedSilenceMax()));
            if (line.isPresent()) {
                fruitlessConnections = 0;
                giveUpAt = null;
                upcoming = line.get().length() == 0 ? null : JsonCodec.change(line.get());
            } else if (follow) {
                lost("the node ended the feed");
            } else {
                ended = true;
                drop();
            }
        } catch (UnexpectedJsonException | WholeBody.TooLargeException e) {
            drop(); // so that a later call sees the same line again instead of skipping it
            throw failure(Problem.UNEXPECTED_ANSWER, Attempt.describe(e), e);
        } catch (IOException e) {
            lost(Attempt.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(Problem.INTERRUPTED, "the calling thread was interrupted", e);
        }
    }

    // The stream being read, reconnected if there is none; null if the feed was closed meanwhile.
    private @Nullable LineStream open() {
        LineStream lines = stream;
        if (lines == null) {
            lines = connect(giveUpAt == null ? Deadline.in(patience) : giveUpAt);
            stream = lines;
        }
        if (closed) {
            lines.close();
            return null;
        }
        return lines;
    }

    private LineStream connect(Deadline deadline) {
        try {
            // A position is one token. The first of several hands out again what only the others have seen; to
            // have a node join them could skip updates, for its token may stand for more.
            String after = token == null
                    ? null
                    : Session.split(token).stream().findFirst().orElse(null);
            Call call = Call.look(Paths.feed(after, follow));
            Answer<LineStream> answer = failover.answer(call, BodyKind.LINES, session, deadline);
            node = answer.node();
            return answer.body();
        } catch (HenceException e) {
            giveUpAt = null;
            throw e;
        }
    }

    // Goes on at another node, after a pause if the last connections brought nothing.
    private void lost(String reason) {
        if (closed) {
            return;
        }
        if (node != null) {
            node.failed();
        }
        HenceException failure = failure(Problem.CONNECTION_LOST, reason, null);
        drop();
        Deadline deadline = giveUpAt == null ? Deadline.in(patience) : giveUpAt;
        giveUpAt = deadline;
        if (fruitlessConnections++ > 0 && !failover.pause(fruitlessConnections, deadline)) {
            giveUpAt = null;
            fruitlessConnections = 0;
            throw failure;
        }
    }

    private void drop() {
        LineStream lines = stream;
        stream = null;
        if (lines != null) {
            lines.close();
        }
    }

    private HenceException failure(String code, String detail, @Nullable Throwable cause) {
        return Problem.ofClient(code, 0, detail, node == null ? "" : node.toString(), true)
                .toException(false, cause);
    }

    /** Ends the feed: a thread that waits in {@link #hasNext} gets false. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        LineStream lines = stream;
        if (lines != null) {
            lines.close();
        }
    }
}
