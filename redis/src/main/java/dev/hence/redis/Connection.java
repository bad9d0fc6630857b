package dev.hence.redis;

import dev.hence.node.memory.MemoryHolder;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Client.Unblocking;
import dev.hence.redis.connection.Input;
import dev.hence.redis.connection.Output;
import dev.hence.redis.connection.ProtocolException;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.connection.RequestParser;
import dev.hence.redis.execution.Blocking;
import dev.hence.redis.execution.ClientGoneException;
import dev.hence.redis.execution.Line;
import dev.hence.redis.execution.Pipeline;
import dev.hence.redis.execution.ReplyMemory;
import dev.hence.redis.execution.ReplyMode;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.Usage;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: reads what has come, runs all complete requests in it, sends their replies together, and
 * reads again.
 *
 * <p>Everything happens on its own thread, except what {@link Client.Control} and {@link Output#push} offer to others,
 * and {@link #isOverdue}.
 */
final class Connection implements Client.Control, Line {

    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    /** What the connection is doing: looked at by the thread that ends those whose client takes too long. */
    private enum Phase {
        /** Waits for a request. */
        IDLE,
        /** Waits for the rest of a request. */
        HALF_REQUEST,
        /** Runs commands, or waits in a blocking one. */
        RUNNING
    }

    /** A phase and when it began, by {@link System#nanoTime}. */
    private record Since(Phase phase, long nanos) {}

    private final Socket socket;
    private final Usage usage;
    private final MemoryHolder memory;
    private final RequestParser parser;
    private final Input input;
    private final Output output;
    private final Client client;
    private final ConnectedSession session;
    private final Blocking blocking;
    private final Pipeline pipeline;
    private final LongWait longWait = new LongWait();
    private ReplyMode replyMode = ReplyMode.ON;
    private int skipped;
    private boolean quitting;
    private long completed;
    private long completedBefore = -1;
    private long halfSinceNanos;
    private volatile Since since = new Since(Phase.IDLE, System.nanoTime());
    private volatile long sendingSinceNanos;
    private volatile boolean closing;
    private volatile boolean killed;

    Connection(Socket socket, long id, RespParts parts) throws IOException {
        this.socket = socket;
        this.client = new Client(
                id,
                address((InetSocketAddress) socket.getRemoteSocketAddress()),
                address((InetSocketAddress) socket.getLocalSocketAddress()),
                this);
        this.memory = parts.memory().holder(this::cutOff);
        this.parser = new RequestParser(parts.limits().bodyBytesMax(), memory, parts.password() == null);
        this.usage = parts.commons().usage();
        this.input = new Input(
                new Counted(socket.getInputStream()),
                parser,
                parts.waitingBudget(),
                parts.limits().bodyBytesMax());
        this.output = new Output(new Watched(socket.getOutputStream()), client, parts.unread(), this::tooMuchUnread);
        this.session = new ConnectedSession(this, parts, memory);
        this.blocking = new Blocking(session, parts.waiters());
        this.pipeline = new Pipeline(session, parts.admission(), blocking, new ReplyMemory(memory), this);
    }

    private static String address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    Client client() {
        return client;
    }

    Output output() {
        return output;
    }

    /** Serves the client until one of the two ends it. */
    void serve() {
        try (socket) {
            while (!quitting && !closing && readAndAnswer()) {}
        } catch (IOException | ClientGoneException gone) {
            log.debug("Client {} has gone: {}", client.address(), gone.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("The connection of {} failed", client.address(), bug);
        } finally {
            end();
        }
    }

    /** Gives back what it takes of what all connections share, whatever else fails. */
    private void end() {
        try (input;
                memory) {
            output.close();
            session.end();
        }
    }

    private boolean readAndAnswer() throws IOException, InterruptedException {
        awaitsRequest();
        try {
            if (!input.fill(memory)) {
                return false;
            }
            since = new Since(Phase.RUNNING, 0);
            output.begin();
            takeAll();
            while (!quitting && input.mayHaveMore() && input.fill(memory)) {
                takeAll();
            }
            pipeline.finish();
        } catch (ProtocolException malformed) {
            // It may have come before anything could be taken.
            output.begin();
            pipeline.finish();
            refuse(malformed);
            quitting = true;
        } catch (EOFException | ClientGoneException gone) {
            // A wait ends as if the client had gone, too, when it has sent more than may wait.
            if (!input.isTooMuchWaiting()) {
                throw gone;
            }
            refuse(ProtocolException.tooMuchWaiting());
            quitting = true;
        }
        output.end();
        parser.release();
        return true;
    }

    private void refuse(ProtocolException malformed) throws IOException {
        if (malformed.isWebRequest()) {
            log.warn(
                    "Client {} is disconnected: it speaks HTTP, perhaps a browser in which a page attacks this node by"
                            + " a request whose body is commands (expected: the Redis protocol)",
                    client.address());
        } else {
            output.reply(new Reply.Failure(malformed.text()));
        }
    }

    private void takeAll() throws IOException, InterruptedException, ProtocolException {
        takeReady();
        while (parser.wantsMemory() && !quitting) {
            memory.clientServed();
            pipeline.finish();
            output.flush();
            parser.release();
            parser.awaitMemory();
            takeReady();
        }
    }

    private void takeReady() throws IOException, InterruptedException, ProtocolException {
        for (Arguments next = parser.next(); next != null && !quitting; next = parser.next()) {
            completed++;
            memory.clientServed();
            pipeline.take(next);
            if (parser.isHoldingMuch()) {
                pipeline.finish();
                parser.release();
            }
        }
    }

    /** The time for a request begins with its first byte, and not anew with every further one. */
    private void awaitsRequest() {
        if (!parser.isWithinRequest()) {
            if (memory.heldBytes() > 0) {
                // A transaction is queued, and the client keeps the others from its memory.
                memory.awaitsClient();
            } else {
                memory.clientServed();
            }
            since = new Since(Phase.IDLE, System.nanoTime());
            return;
        }
        if (completed != completedBefore) {
            completedBefore = completed;
            halfSinceNanos = System.nanoTime();
        }
        memory.awaitsClient();
        since = new Since(Phase.HALF_REQUEST, halfSinceNanos);
    }

    @Override
    public void reply(Reply reply) throws IOException {
        boolean silent = skipped > 0 || replyMode == ReplyMode.OFF;
        skipped = Math.max(0, skipped - 1);
        if (!silent || confirmsSubscription(reply)) {
            output.reply(reply);
        }
    }

    /** These are sent whatever replies the client wants, as the messages are. */
    private static boolean confirmsSubscription(Reply reply) {
        return switch (reply) {
            case Reply.Push one -> true;
            case Reply.Several(List<Reply> each) -> each.stream().allMatch(Reply.Push.class::isInstance);
            default -> false;
        };
    }

    /** Which replies are sent, that to the present command included. Who wants none at all has none to skip. */
    void replyMode(ReplyMode mode) {
        if (mode == ReplyMode.SKIP && replyMode == ReplyMode.OFF) {
            return;
        }
        skipped = mode == ReplyMode.SKIP ? 2 : 0;
        replyMode = mode == ReplyMode.OFF ? ReplyMode.OFF : ReplyMode.ON;
    }

    @Override
    public Waiting beforeWaiting(Runnable gone) throws IOException {
        output.end();
        // What the command holds is kept for as long as it waits, so that it gives way to others that want memory.
        memory.awaitsClient();
        input.watch(gone);
        if (closing) {
            gone.run();
        }
        return () -> {
            input.unwatch();
            memory.clientServed();
            output.begin();
        };
    }

    /** The client may send more than it takes to prove who it is, or no longer. */
    void proven(boolean isProven) {
        parser.proven(isProven);
    }

    /** Ends the connection after the present reply. */
    void quit() {
        quitting = true;
    }

    /** Answers what is running, and ends then. Any thread. */
    void endSoon() {
        closing = true;
        endWait();
        try {
            socket.shutdownInput();
        } catch (IOException goneAlready) {
            log.debug("Client {} has gone: {}", client.address(), goneAlready.toString());
        }
    }

    /** Whether it was ended without regard to what it was doing. Any thread. */
    boolean isKilled() {
        return killed;
    }

    @Override
    public void kill() {
        killed = true;
        closing = true;
        endWait();
        try {
            socket.close();
        } catch (IOException goneAlready) {
            log.debug("Client {} has gone: {}", client.address(), goneAlready.toString());
        }
    }

    @Override
    public boolean unblock(Unblocking how) {
        return blocking.unblock(how)
                || longWait.end(how == Unblocking.ERROR ? LongWait.End.UNBLOCKED_WITH_ERROR : LongWait.End.TIME_IS_UP);
    }

    @Override
    public long unreadBytes() {
        return output.unreadBytes();
    }

    private void endWait() {
        blocking.abandon();
        longWait.end(LongWait.End.CLIENT_GONE);
    }

    /** As {@link Session#waiting}. */
    <R> R waiting(Session.Wait<R> wait, Supplier<R> cutShort) throws InterruptedException {
        longWait.arm();
        client.blocked(true);
        try (Waiting _ = beforeWaiting(() -> longWait.end(LongWait.End.CLIENT_GONE))) {
            return longWait.run(wait, cutShort);
        } catch (IOException gone) {
            throw new ClientGoneException(gone);
        } finally {
            client.blocked(false);
            longWait.disarm();
        }
    }

    private void cutOff() {
        if (!killed) {
            log.warn(
                    "Client {} is disconnected: it did not go on with a large request or reply while others waited for"
                            + " the memory",
                    client.address());
            kill();
        }
    }

    private void tooMuchUnread() {
        log.warn(
                "Client {} is disconnected: it left too many messages unread (expected: at most {} bytes, and fewer while"
                        + " others leave many)",
                client.address(),
                Output.UNREAD_BYTES_MAX);
        kill();
    }

    /** Whether the client takes longer than it may, with its next request or with reading. Any thread. */
    boolean isOverdue(RespTiming timing, long nowNanos) {
        long sending = sendingSinceNanos;
        if (sending != 0 && nowNanos - sending > timing.unreadReply().toNanos()) {
            return true;
        }
        Since now = since;
        long waitedNanos = nowNanos - now.nanos();
        return switch (now.phase()) {
            case IDLE ->
                !timing.idle().isZero()
                        && !client.isSubscribed()
                        && waitedNanos > timing.idle().toNanos();
            case HALF_REQUEST -> waitedNanos > timing.halfRequest().toNanos();
            case RUNNING -> false;
        };
    }

    /** Records how long the client lets a write wait, and counts what is sent. */
    private final class Watched extends FilterOutputStream {
        private Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            sendingSinceNanos = System.nanoTime();
            memory.sends();
            out.write(bytes, from, length);
            memory.sent();
            sendingSinceNanos = 0;
            usage.sent(length);
        }
    }

    /** Counts what comes from the client. */
    private final class Counted extends FilterInputStream {
        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            if (read > 0) {
                usage.received(read);
            }
            return read;
        }
    }
}
