package dev.hence.http;

import java.time.Duration;

/**
 * The timeouts of the HTTP edge.
 *
 * @param idle how long a connection may be silent, and how long a reader may take nothing
 * @param head within which time a connection has to send the whole head of a request
 * @param bodyGrace after which time the body of a request has to come at a minimum rate
 * @param feedKeepAlive how long a feed is silent before it says that it is still there
 * @param drain how long a closing node lets running requests finish
 */
public record HttpTiming(Duration idle, Duration head, Duration bodyGrace, Duration feedKeepAlive, Duration drain) {

    /** Production defaults; the longest wait of a session is shorter than a connection's silence. */
    public static final HttpTiming DEFAULT = new HttpTiming(
            Duration.ofSeconds(120),
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));

    /** The same with another time of silence. */
    public HttpTiming withIdle(Duration other) {
        return new HttpTiming(other, head, bodyGrace, feedKeepAlive, drain);
    }

    /** The same with other times for slow requests. */
    public HttpTiming withRequest(Duration otherHead, Duration otherBodyGrace) {
        return new HttpTiming(idle, otherHead, otherBodyGrace, feedKeepAlive, drain);
    }

    /** The same with another time after which silent feeds say that they are there. */
    public HttpTiming withFeedKeepAlive(Duration other) {
        return new HttpTiming(idle, head, bodyGrace, other, drain);
    }

    /** The same with another time for running requests when the node closes. */
    public HttpTiming withDrain(Duration other) {
        return new HttpTiming(idle, head, bodyGrace, feedKeepAlive, other);
    }
}
