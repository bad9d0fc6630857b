package dev.hence.redis.execution;

import dev.hence.node.store.WriteRound;
import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.ProtocolException;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Pipeline.Progress;
import dev.hence.redis.loop.LoopSocket;
import dev.hence.redis.node.SharedState;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one client: reads available input, runs all complete requests in it, sends their replies together, and
 * repeats.
 *
 * <p>The thread of the client's event loop does this as long as nothing has to wait: not for the client, the disk, or
 * memory. Whatever would wait is done by a thread of its own ({@link #handOver}), which gives the conversation back to
 * the loop when the client is answered.
 *
 * <p><b>Invariant.</b> One thread at a time has the conversation: the loop's until it hands over, or the one that it
 * was handed to; while the writer runs requests for the loop, nobody.
 */
public final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    /** How much the loop reads of one client before others have their turn. */
    private static final int READS_AT_ONCE_MAX = 16;

    private final LoopSocket socket;
    private final WriteRound round;
    private final Connection connection;
    private final Session session;
    private final Pipeline pipeline;
    private final Executor threads;
    private final Runnable whenEnded;

    // Made once, because they are used for every request.
    private final Runnable whenListening = this::beginListening;
    private final Runnable whenArrived = this::arrived;
    private final Runnable whenWritten = this::written;
    private final Runnable whenAnswered = this::writerAnswered;

    // Whether the writer has been given requests that the loop will answer. Confined to the loop's thread.
    private boolean submitted;
    // Whether no complete request is left of what was read.
    private boolean drained;
    private int readsLeft;
    private @Nullable ProtocolException malformed;

    /**
     * @param socket the transport of the connection
     * @param round the writes of all clients of its loop
     * @param commands the commands available to the client
     * @param threads run what may wait
     * @param whenEnded called once, when everything has ended
     */
    public Conversation(
            Client client,
            Connection connection,
            LoopSocket socket,
            WriteRound round,
            SharedState shared,
            CommandTable commands,
            Executor threads,
            Runnable whenEnded) {
        this.socket = socket;
        this.round = round;
        this.connection = connection;
        this.session = new Session(client, connection, shared, commands);
        this.pipeline = new Pipeline(session);
        this.threads = threads;
        this.whenEnded = whenEnded;
    }

    /** Serves the client until it disconnects or the connection is ended. Returns at once. */
    public void begin() {
        socket.loop().execute(whenListening);
    }

    private void beginListening() {
        onLoop(this::listen);
    }

    private void listen() {
        connection.awaitsRequest();
        socket.listen(whenArrived);
    }

    /** A part of the conversation on the loop's thread. */
    private interface Step {
        void run() throws IOException, ProtocolException, InterruptedException;
    }

    private void onLoop(Step step) {
        try {
            step.run();
        } catch (ProtocolException refused) {
            malformed = refused;
            handOver(this::answerTheRest);
        } catch (IOException gone) {
            log.debug("Client {} has gone: {}", connection.address(), gone.toString());
            handOver(() -> false);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            handOver(() -> false);
        } catch (RuntimeException | Error bug) {
            try {
                log.error("The connection of {} failed", connection.address(), bug);
            } finally {
                handOver(() -> false);
            }
        }
    }

    private void arrived() {
        onLoop(this::serveArrived);
    }

    private void serveArrived() throws IOException, ProtocolException {
        int read = connection.readNow();
        readsLeft = READS_AT_ONCE_MAX;
        if (read < 0) {
            handOver(() -> false);
        } else if (read == 0) {
            socket.listen(whenArrived);
        } else if (connection.tryBeginAnswer()) {
            goOn();
        } else {
            handOver(this::answerTheRest);
        }
    }

    /** Runs what has arrived, up to a request that waits. */
    private void goOn() throws IOException, ProtocolException {
        do {
            Progress progress = offerReady() ? tryFinish() : Progress.WOULD_WAIT;
            if (progress == Progress.WOULD_WAIT) {
                handOver(this::answerTheRest);
            }
            if (progress != Progress.DONE) {
                return;
            }
        } while (hasMore());
        endAnswer();
    }

    private Progress tryFinish() throws IOException {
        submitted = true;
        Progress progress = pipeline.tryFinish(round, whenAnswered);
        submitted = progress == Progress.SUBMITTED;
        // A client that does not read is left to a thread that waits for it, before more is made for it.
        return progress == Progress.DONE && connection.keepsReplies() ? Progress.WOULD_WAIT : progress;
    }

    /** Offers requests until they should be answered; returns false if one waits. */
    private boolean offerReady() throws IOException, ProtocolException {
        while (!session.isQuitting()) {
            Arguments next = connection.next();
            if (next == null) {
                drained = true;
                return !connection.wantsMemory();
            }
            if (!pipeline.offer(next) || connection.keepsReplies()) {
                return false;
            }
            if (pipeline.isFull() || connection.isHoldingMuch()) {
                drained = false;
                return true;
            }
        }
        return true;
    }

    /** Any thread. */
    private void writerAnswered() {
        socket.loop().execute(whenWritten);
    }

    private void written() {
        onLoop(this::answerWritten);
    }

    private void answerWritten() throws IOException, ProtocolException, InterruptedException {
        if (!submitted) {
            // Called twice; the conversation may be with another thread.
            return;
        }
        submitted = false;
        if (!pipeline.tryAnswer() || connection.keepsReplies()) {
            handOver(this::answerTheRest);
        } else if (hasMore()) {
            goOn();
        } else {
            endAnswer();
        }
    }

    /** Whether there may be more requests to run, after all before them are answered. */
    private boolean hasMore() throws IOException, ProtocolException {
        if (connection.isHoldingMuch()) {
            connection.releaseRequests();
        }
        return !session.isQuitting() && (!drained || (readsLeft-- > 0 && connection.readMore()));
    }

    private void endAnswer() throws IOException {
        if (!connection.tryEndAnswer()) {
            handOver(this::answerTheRest);
        } else if (isOpen()) {
            listen();
        } else {
            handOver(() -> false);
        }
    }

    /** A part of the conversation that may wait. */
    private interface Waiting {
        /** Returns whether the conversation goes on. */
        boolean run() throws IOException, InterruptedException;
    }

    /** Leaves the conversation to another thread. The loop does not touch it before it is given back. */
    private void handOver(Waiting step) {
        try {
            threads.execute(() -> {
                if (goesOn(step)) {
                    begin();
                } else {
                    end();
                }
            });
        } catch (RuntimeException | Error noThread) {
            log.error("The connection of {} failed", connection.address(), noThread);
            end();
        }
    }

    private boolean goesOn(Waiting step) {
        try {
            boolean open = step.run();
            while (open && isOpen() && connection.isReadAhead()) {
                open = answer(connection::awaitRequest);
            }
            return open && isOpen();
        } catch (IOException | ClientGoneException gone) {
            log.debug("Client {} has gone: {}", connection.address(), gone.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("The connection of {} failed", connection.address(), bug);
        }
        return false;
    }

    private boolean isOpen() {
        return !session.isQuitting() && !connection.isClosing();
    }

    private void end() {
        try (connection) {
            session.end();
        } catch (IOException gone) {
            log.debug("Client {} has gone: {}", connection.address(), gone.toString());
        } catch (RuntimeException | Error bug) {
            log.error("The connection of {} failed", connection.address(), bug);
        } finally {
            whenEnded.run();
        }
    }

    /** Goes on where the loop would have had to wait. */
    private boolean answerTheRest() throws IOException, InterruptedException {
        return answer(() -> {
            connection.beginAnswer();
            connection.sendKept();
            if (malformed != null) {
                throw malformed;
            }
            pipeline.resume();
            return true;
        });
    }

    /** The beginning of an answer. */
    private interface Beginning {
        /** Returns whether there is anything to answer. */
        boolean run() throws IOException, InterruptedException, ProtocolException;
    }

    /** Runs and answers everything that has arrived, with all waits that it takes. */
    private boolean answer(Beginning beginning) throws IOException, InterruptedException {
        try {
            if (!beginning.run()) {
                return false;
            }
            takeAll();
            while (!session.isQuitting() && connection.readMore()) {
                takeAll();
            }
            pipeline.finish();
        } catch (ProtocolException refused) {
            // It may have occurred before any request was taken.
            connection.beginAnswer();
            pipeline.finish();
            refuse(refused);
            session.quit();
        } catch (ClientGoneException gone) {
            // A wait also ends as if the client had gone when the client has sent more than is allowed.
            if (!connection.isTooMuchWaiting()) {
                throw gone;
            }
            refuse(ProtocolException.tooMuchWaiting());
            session.quit();
        }
        connection.endAnswer();
        return true;
    }

    private void refuse(ProtocolException refused) throws IOException {
        if (refused.isWebRequest()) {
            log.warn(
                    "Client {} is disconnected: it speaks HTTP, perhaps a browser in which a page attacks this node by"
                            + " a request whose body is commands (expected: the Redis protocol)",
                    connection.address());
        } else {
            connection.reply(new Reply.Failure(refused.text()));
        }
    }

    private void takeAll() throws IOException, InterruptedException, ProtocolException {
        takeReady();
        while (connection.wantsMemory() && !session.isQuitting()) {
            connection.clientServed();
            pipeline.finish();
            connection.awaitMemory();
            takeReady();
        }
    }

    private void takeReady() throws IOException, InterruptedException, ProtocolException {
        while (!session.isQuitting()) {
            Arguments next = connection.next();
            if (next == null) {
                return;
            }
            pipeline.take(next);
            if (connection.isHoldingMuch()) {
                pipeline.finish();
                connection.releaseRequests();
            }
        }
    }
}
