package dev.hence.server.http;

import java.time.Duration;

/**
 * The times that the HTTP edge keeps to.
 *
 * @param idle how long a connection may be silent, and how long a reader may take nothing
 * @param feedKeepAlive how long a feed is silent before it says that it is still there
 * @param drain how long a closing node lets running requests finish
 */
public record HttpTiming(Duration idle, Duration feedKeepAlive, Duration drain) {

    /** The times of a node in earnest; the longest wait of a session is shorter than a connection's silence. */
    public static final HttpTiming DEFAULT =
            new HttpTiming(Duration.ofSeconds(120), Duration.ofSeconds(5), Duration.ofSeconds(10));
}
