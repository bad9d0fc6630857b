package dev.hence.redis.connection;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The bytes from and to one client, as a socket transports them. Some threads may wait for the client, and others serve
 * many clients and must not ({@link #waits}).
 *
 * <p>Reads of several threads must not overlap, nor may writes. Every thread may close it.
 */
public interface Transport extends Incoming, Closeable {

    /** The client's address. */
    InetSocketAddress remoteAddress();

    /** The address that it connected to. */
    InetSocketAddress localAddress();

    /** Whether the calling thread waits for the client in {@link #write}. */
    boolean waits();

    /** Sends bytes. A thread that does not wait for the client leaves here what could not be sent ({@link #keeps}). */
    void write(byte[] bytes, int from, int length) throws IOException;

    /** Whether bytes are kept here that could not be sent yet. Only for whoever has the right to write. */
    boolean keeps();

    /** Sends a part of the bytes kept here; blocks. */
    void sendKept() throws IOException;

    /** Ends what is read; more can be written. */
    void shutdownInput() throws IOException;
}
