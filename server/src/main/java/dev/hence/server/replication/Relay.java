package dev.hence.server.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.server.codec.MalformedRecordException;
import java.io.IOException;
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
    private volatile @Nullable FeedStream stream;
    private volatile boolean ended;
    private volatile boolean closed;

    /** @param link the link to the peer {@code through} */
    Relay(ReplicaId origin, ReplicaId through, PeerLink link, PeerLink.Following following) {
        this.origin = origin;
        this.through = through;
        this.link = link;
        this.following = following;
    }

    void run() {
        try (FeedStream opened = following.open(link.address(), origin)) {
            stream = opened;
            if (!closed && opened.answer().answer() instanceof Answer.Serve) {
                log.info("Following {} through {}", origin, through.name());
                try (UpdateSink sink = link.sink()) {
                    opened.follow(sink, following::heard);
                }
            } else if (opened.answer().answer() instanceof Answer.Forked forked) {
                log.error("{} has another update under the name {} than this node", through, forked.dot());
            }
        } catch (IOException | MalformedRecordException failed) {
            log.info("Lost {} through {}: {}", origin, through.name(), failed.getMessage());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.error("Following {} through {} broke", origin, through.name(), failed);
        } finally {
            ended = true;
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

    boolean hasEnded() {
        return ended;
    }

    /** Ends the stream; its thread ends by itself. */
    void close() {
        closed = true;
        FeedStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}
