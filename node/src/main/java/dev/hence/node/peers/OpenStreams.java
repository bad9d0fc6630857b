package dev.hence.node.peers;

import dev.hence.core.clock.ReplicaId;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of this node's open streams, from before their handshake. Code that abandons a peer, cuts a link or
 * stops the node finds all streams here.
 *
 * <p>Thread-safe.
 */
final class OpenStreams {

    private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);

    private final Collection<FeedStream> streams = ConcurrentHashMap.newKeySet();
    private final Collection<Socket> connecting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Records a socket that will be the connection of a stream; closes it at once if all have been closed. */
    void connecting(Socket socket) throws IOException {
        connecting.add(socket);
        if (closed) {
            socket.close();
        }
    }

    /** Records that a socket is connected, or has failed. */
    void connected(Socket socket) {
        connecting.remove(socket);
    }

    /** Records a stream; closes it at once if all have been closed. */
    void add(FeedStream stream) {
        streams.add(stream);
        // Read after adding; written before the streams are iterated: one of the two sees the other.
        if (closed) {
            stream.close();
        }
    }

    void remove(FeedStream stream) {
        streams.remove(stream);
    }

    /** The number of open streams. */
    int count() {
        return streams.size();
    }

    /** Closes the streams of peers that have been silent for longer than this. */
    void closeSilent(Duration silenceMax) {
        close(stream -> {
            boolean silent = stream.silence().compareTo(silenceMax) > 0;
            if (silent) {
                log.warn("{} was silent for {} ms; its stream is closed", stream.authority(), silenceMax.toMillis());
            }
            return silent;
        });
    }

    /** Closes the streams from one address. */
    void closeFrom(String authority) {
        close(stream -> stream.authority().equals(authority));
    }

    /** Closes the streams of one origin's updates. */
    void closeOf(ReplicaId origin) {
        close(stream -> origin.equals(stream.origin()));
    }

    /** Closes all streams that are open now; new ones may be opened. */
    void closeOpen() {
        close(stream -> true);
    }

    /** Closes all streams, present and future. */
    void closeAll() {
        closed = true;
        close(stream -> true);
        for (Socket socket : connecting) {
            try {
                socket.close();
            } catch (IOException alreadyBroken) {
                // Closing was the goal, and it is closed.
            }
        }
    }

    private void close(Predicate<FeedStream> which) {
        streams.stream().filter(which).toList().forEach(FeedStream::close);
    }
}
