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
 * Serves one client: reads what has come, runs all complete requests in it, sends their replies together, and reads
 * again.
 *
 * <p>Belongs to the connection's own thread.
 */
public final class Conversation {

    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final Connection connection;
    private final Session session;
    private final Pipeline pipeline;

    /** @param commands those that the client may use */
    public Conversation(Client client, Connection connection, SharedState shared, CommandTable commands) {
        this.connection = connection;
        this.session = new Session(client, connection, shared, commands);
        this.pipeline = new Pipeline(session);
    }

    /** Serves the client until one of the two ends it. */
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
            // It may have come before anything could be taken.
            connection.beginAnswer();
            pipeline.finish();
            refuse(malformed);
            session.quit();
        } catch (ClientGoneException gone) {
            // A wait ends as if the client had gone, too, when it has sent more than may wait.
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
        for (Arguments next = connection.next(); next != null && !session.isQuitting(); next = connection.next()) {
            pipeline.take(next);
            if (connection.isHoldingMuch()) {
                pipeline.finish();
                connection.releaseRequests();
            }
        }
    }
}
