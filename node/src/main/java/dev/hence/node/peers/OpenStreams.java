package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every stream that this node has open, from before its handshake: code that abandons a peer, cuts a link or stops the
 * node finds them all here.
 *
 * <p>Thread-safe.
 */
final class OpenStreams {

    private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);

    private final Collection<FeedStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Records a stream; closes it at once if all have been closed. */
    void add(FeedStream stream) {
        streams.add(stream);
        // Read after adding, as it is written before the streams are looked through: one of both sees the other.
        if (closed) {
            stream.close();
        }
    }

    void remove(FeedStream stream) {
        streams.remove(stream);
    }

    /** How many are open. */
    int count() {
        return streams.size();
    }

    /** Gives up the peers that have been silent for longer than that. */
    void closeSilent(Duration silenceMax) {
        close(stream -> {
            boolean silent = stream.silence().compareTo(silenceMax) > 0;
            if (silent) {
                log.warn("{} was silent for {} ms; its stream is closed", stream.authority(), silenceMax.toMillis());
            }
            return silent;
        });
    }

    /** Closes those from one address. */
    void closeFrom(String authority) {
        close(stream -> stream.authority().equals(authority));
    }

    /** Closes those of one origin's updates. */
    void closeOf(ReplicaId origin) {
        close(stream -> origin.equals(stream.origin()));
    }

    /** Closes all that are open now; others may be opened. */
    void closeOpen() {
        close(stream -> true);
    }

    /** Closes all that are open and all that will be. */
    void closeAll() {
        closed = true;
        close(stream -> true);
    }

    private void close(Predicate<FeedStream> which) {
        streams.stream().filter(which).toList().forEach(FeedStream::close);
    }
}
