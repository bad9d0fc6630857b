package dev.hence.server.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.server.codec.MalformedRecordException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an origin that cannot be reached through a peer that has its updates: one stream, from its
 * handshake to its end.
 */
final class Relay {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final ReplicaId origin;
    private final ReplicaId through;
    private final PeerLink link;
    private final PeerLink.Following following;
    private final Thread thread;
    private volatile @Nullable FeedStream stream;
    private volatile String state = "relayed";
    private volatile boolean useful;
    private volatile long endedNanos;
    private volatile boolean ended;
    private volatile boolean closed;

    /** @param link the link to the peer {@code through} */
    Relay(ReplicaId origin, ReplicaId through, PeerLink link, PeerLink.Following following) {
        this.origin = origin;
        this.through = through;
        this.link = link;
        this.following = following;
        this.thread = Thread.ofVirtual().name("hence-relay-" + origin).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (FeedStream opened = following.open(link.address(), origin)) {
            stream = opened;
            if (!closed && !link.isCut()) {
                follow(opened);
            }
        } catch (IOException | MalformedRecordException failed) {
            ended("lost", String.valueOf(failed.getMessage()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.error("Following {} through {} broke", origin, through.name(), failed);
            state = "refused: " + failed.getMessage();
        } finally {
            endedNanos = System.nanoTime();
            ended = true;
        }
    }

    private void follow(FeedStream opened) throws IOException, InterruptedException {
        switch (opened.answer().answer()) {
            case Answer.Serve serve -> {
                log.info("Following {} through {}", origin, through.name());
                try (UpdateSink sink = link.sink(opened)) {
                    opened.follow(sink, following::heard);
                }
                useful = true;
            }
            case Answer.Forked forked -> {
                following.complain(
                        through, through + " has another update under the name " + forked.dot() + " than this node");
                state = "refused: another update under the name " + forked.dot();
            }
            case Answer other -> ended("refused", other.toString());
        }
    }

    private void ended(String how, String why) {
        if (!closed) {
            log.info("Following {} through {} is {}: {}", origin, through.name(), how, why);
            state = how + ": " + why;
        }
    }

    ReplicaId origin() {
        return origin;
    }

    ReplicaId through() {
        return through;
    }

    @Nullable
    FeedStream stream() {
        return stream;
    }

    /** What it is doing, for people. */
    String state() {
        return state;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether another one may take its place: a failed one first rests, so that it is not tried without end. */
    boolean isOver(Duration rest) {
        return ended && (useful || System.nanoTime() - endedNanos >= rest.toNanos());
    }

    /** Ends the stream; its thread ends by itself. */
    void close() {
        closed = true;
        thread.interrupt();
        FeedStream open = stream;
        if (open != null) {
            open.close();
        }
    }

    /** Returns when it delivers nothing any more. */
    void join() throws InterruptedException {
        thread.join();
    }
}
