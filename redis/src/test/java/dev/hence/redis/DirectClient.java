package dev.hence.redis;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.ProtocolException;
import dev.hence.redis.connection.Transport;
import dev.hence.redis.execution.CommandTable;
import dev.hence.redis.execution.Pipeline;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.SharedState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A client without a socket, around a session and its pipeline. Bytes sent in one call are accepted together and run on
 * the client's own thread, so the replies are available when {@link #send} returns.
 */
public final class DirectClient extends RedisClient {

    private final Line line;
    private final Session session;

    DirectClient(long id, SharedState shared, CommandTable commands) throws IOException {
        this(id, shared, commands, new Line());
    }

    private DirectClient(long id, SharedState shared, CommandTable commands, Line line) throws IOException {
        this(line, connection(shared, line), id, shared, commands);
    }

    private DirectClient(Line line, Connection connection, long id, SharedState shared, CommandTable commands) {
        this(line, connection, new Session(new Client(id, connection), connection, shared, commands));
    }

    private DirectClient(Line line, Connection connection, Session session) {
        super(line.replies, new Requests(line, connection, new Pipeline(session)), connection::close);
        this.line = line;
        this.session = session;
    }

    private static Connection connection(SharedState shared, Line line) {
        return new Connection(line, shared.memory(), shared.usage().traffic(), true);
    }

    /** The session. */
    public Session session() {
        return session;
    }

    /** The number of writes to the client so far. */
    int flushes() {
        return line.flushes;
    }

    /** Runs the requests written to it. */
    private static final class Requests extends OutputStream {
        private final Line line;
        private final Connection connection;
        private final Pipeline pipeline;

        private Requests(Line line, Connection connection, Pipeline pipeline) {
            this.line = line;
            this.connection = connection;
            this.pipeline = pipeline;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            line.arrived.add(Arrays.copyOfRange(bytes, from, from + length));
            try {
                connection.awaitRequest();
                do {
                    for (Arguments next = connection.next(); next != null; next = connection.next()) {
                        pipeline.take(next);
                    }
                } while (connection.readMore());
                pipeline.finish();
                connection.endAnswer();
            } catch (InterruptedException | ProtocolException failed) {
                throw new IOException(failed);
            }
        }
    }

    /** The substitute for a socket: memory in both directions. */
    private static final class Line implements Transport {
        private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

        private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
        private final Replies replies = new Replies();
        private InputStream present = InputStream.nullInputStream();
        private int flushes;

        @Override
        public InetSocketAddress remoteAddress() {
            return ADDRESS;
        }

        @Override
        public InetSocketAddress localAddress() {
            return ADDRESS;
        }

        @Override
        public int readNow(byte[] into, int from, int length) throws IOException {
            return present.available() == 0 && arrived.isEmpty() ? 0 : read(into, from, length);
        }

        /** An empty part is the end. */
        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (present.available() == 0) {
                try {
                    present = new ByteArrayInputStream(arrived.take());
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
            }
            return present.read(into, from, length);
        }

        @Override
        public boolean waits() {
            return true;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            flushes++;
            replies.add(bytes, from, length);
        }

        @Override
        public boolean keeps() {
            return false;
        }

        @Override
        public void sendKept() {
            throw new AssertionError("nothing is kept");
        }

        @Override
        public void shutdownInput() {
            arrived.add(new byte[0]);
        }

        @Override
        public void close() {
            arrived.add(new byte[0]);
        }
    }

    /** The bytes that the client has not read yet. */
    private static final class Replies extends InputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private InputStream present = InputStream.nullInputStream();

        private void add(byte[] from, int start, int length) {
            written.write(from, start, length);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (present.available() == 0) {
                present = new ByteArrayInputStream(written.toByteArray());
                written.reset();
            }
            return present.read(into, from, length);
        }
    }
}
