package dev.hence.redis.execution;

import dev.hence.redis.connection.Arguments;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.ClientGoneException;
import dev.hence.redis.connection.Connection;
import dev.hence.redis.connection.ProtocolException;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.node.SharedState;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request loop of one client: reads available input, runs all complete requests in it, sends their replies
 * together, and repeats.
 *
 * <p>Confined to the connection's own thread.
 */
public final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final Connection connection;
    private final Session session;
    private final Pipeline pipeline;

    /** @param commands the commands available to the client */
    public Conversation(Client client, Connection connection, SharedState shared, CommandTable commands) {
        this.connection = connection;
        this.session = new Session(client, connection, shared, commands);
        this.pipeline = new Pipeline(session);
    }

    /** Serves the client until it disconnects or the connection is ended. */
    public void serve() {
        try (connection) {
            serveOpen();
        } catch (IOException | ClientGoneException gone) {
            log.debug("Client {} has gone: {}", connection.address(), gone.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("The connection of {} failed", connection.address(), bug);
        }
    }

    private void serveOpen() throws IOException, InterruptedException {
        try {
            while (!session.isQuitting() && !connection.isClosing() && readAndAnswer()) {}
        } finally {
            session.end();
        }
    }

    private boolean readAndAnswer() throws IOException, InterruptedException {
        try {
            if (!connection.awaitRequest()) {
                return false;
            }
            takeAll();
            while (!session.isQuitting() && connection.readMore()) {
                takeAll();
            }
            pipeline.finish();
        } catch (ProtocolException malformed) {
            // It may have occurred before any request was taken.
            connection.beginAnswer();
            pipeline.finish();
            refuse(malformed);
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

    private void refuse(ProtocolException malformed) throws IOException {
        if (malformed.isWebRequest()) {
            log.warn(
                    "Client {} is disconnected: it speaks HTTP, perhaps a browser in which a page attacks this node by"
                            + " a request whose body is commands (expected: the Redis protocol)",
                    connection.address());
        } else {
            connection.reply(new Reply.Failure(malformed.text()));
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
