package dev.hence.node.peers;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedBrokenException;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.Relays;
import dev.hence.engine.codec.MalformedRecordException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an unreachable origin through a peer that has its updates: one stream, from its handshake to its end.
 *
 * <p>A peer ends a relay that has been idle for a while. A relay that holds updates because of the clock then keeps its
 * place: it is reopened when the hold is over, not before, because that would only bring the held updates again. The
 * plan still applies to it, so it is closed like any other if the peer is lost or another route is better.
 */
final class RelayStream {

    private static final Logger log = LoggerFactory.getLogger(RelayStream.class);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Relays.RelayRoute route;
    private final PeerLink link;
    private final PeerLink.Following following;
    private final BiConsumer<RelayStream, Boolean> onEnd;
    private final Thread thread;
    private volatile @Nullable FeedStream stream;
    private volatile String state = "relayed";
    private volatile boolean closed;

    /**
     * @param link the link to the peer that it goes through
     * @param onEnd is notified when it delivers nothing any more, with whether it was served until then
     */
    RelayStream(
            Relays.RelayRoute route,
            PeerLink link,
            PeerLink.Following following,
            BiConsumer<RelayStream, Boolean> onEnd) {
        this.route = route;
        this.link = link;
        this.following = following;
        this.onEnd = onEnd;
        this.thread = Thread.ofVirtual().name("hence-relay-" + route.origin()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean useful = false;
        try (FeedStream opened = following.open(link.address(), route.origin(), List.of())) {
            stream = opened;
            useful = !closed && !link.isCut() && follow(opened);
        } catch (IOException | MalformedRecordException | FeedBrokenException failed) {
            ended("lost", String.valueOf(failed.getMessage()));
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.error("Following {} through {} broke", route.origin(), throughName(), failed);
            state = "refused: " + failed.getMessage();
        } catch (Error failed) {
            following.failed(thread.getName(), failed);
        } finally {
            onEnd.accept(this, useful);
        }
    }

    /** Whether it was served. */
    private boolean follow(FeedStream opened) throws IOException, InterruptedException {
        HandshakeOutcome meeting = following.meet(opened.source(), opened.answer());
        return switch (meeting) {
            case HandshakeOutcome.Follow follow -> {
                log.info("Following {} through {}", route.origin(), throughName());
                following.served(route.origin(), opened.source());
                try (UpdateSink sink = link.sink(opened)) {
                    opened.follow(sink, following::heard);
                    opened.close();
                    awaitEndOfHold(sink);
                }
                yield true;
            }
            // The stream of the peer's own updates may be blocked by what this relay was to bring, and then reports
            // nothing.
            case HandshakeOutcome.Renew(Dot forgotten, String why) -> {
                following.renew(forgotten, opened.source().name());
                ended("refused", why);
                yield false;
            }
            case HandshakeOutcome.Forked(Dot dot, String why) -> {
                following.differs(route.through(), dot);
                state = "refused: " + why;
                yield false;
            }
            case HandshakeOutcome.Gone(ReplicaId origin, long first, String why) -> {
                following.gone(origin, opened.source(), first);
                state = "refused: " + why;
                yield false;
            }
            case HandshakeOutcome.Rest(String why) -> {
                ended("refused", why);
                yield false;
            }
            case HandshakeOutcome.Myself myself -> {
                ended("refused", "it is this node itself");
                yield false;
            }
        };
    }

    private static void awaitEndOfHold(UpdateSink sink) throws InterruptedException {
        while (sink.isHolding() && !sink.isHoldOver()) {
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private void ended(String how, String why) {
        if (!closed) {
            log.info("Following {} through {} is {}: {}", route.origin(), throughName(), how, why);
            state = how + ": " + why;
        }
    }

    private String throughName() {
        return route.through().name();
    }

    /** The origin of its updates, and the peer they come through. */
    Relays.RelayRoute route() {
        return route;
    }

    @Nullable
    FeedStream stream() {
        return stream;
    }

    /** Its state in readable form. */
    String state() {
        return state;
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
