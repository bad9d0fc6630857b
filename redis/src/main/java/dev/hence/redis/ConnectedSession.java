package dev.hence.redis;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.node.memory.MemoryHolder;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Multi;
import dev.hence.redis.execution.ReplyMode;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.SharedState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of a connection. */
final class ConnectedSession implements Session {

    private static final Logger log = LoggerFactory.getLogger(ConnectedSession.class);
    private static final String ONLY_USER = "default";
    private static final int REPLIES_PER_UPDATE_BYTES = 8;

    private final Connection connection;
    private final RespParts parts;
    private final Multi multi;
    private final List<Runnable> cleanups = new ArrayList<>();
    private boolean proven;
    private VersionVector clock = VersionVector.EMPTY;
    private @Nullable Dot lastWrite;
    private volatile boolean heard;

    ConnectedSession(Connection connection, RespParts parts, MemoryHolder memory) {
        this.connection = connection;
        this.parts = parts;
        this.proven = parts.password() == null;
        long updateBytesMax = parts.limits().updateBytesMax();
        this.multi = new Multi(
                connection.client(),
                new Multi.Bounds(updateBytesMax, updateBytesMax * REPLIES_PER_UPDATE_BYTES),
                memory);
    }

    @Override
    public Store store() {
        return parts.store();
    }

    @Override
    public SessionTokens tokens() {
        return parts.tokens();
    }

    @Override
    public SharedState commons() {
        return parts.commons();
    }

    @Override
    public Clients clients() {
        return parts.clients();
    }

    @Override
    public Client client() {
        return connection.client();
    }

    @Override
    public Multi multi() {
        return multi;
    }

    @Override
    public boolean authenticate(String user, String password) {
        String expected = parts.password();
        if (expected == null) {
            throw new IllegalStateException("password: none (expected: one, to compare with)");
        }
        // Takes as long for a wrong password as for the right one.
        boolean right = user.equals(ONLY_USER) && MessageDigest.isEqual(bytes(password), bytes(expected));
        if (right) {
            proven = true;
            connection.proven(true);
        }
        return right;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean hasPassword() {
        return parts.password() != null;
    }

    @Override
    public boolean needsPassword() {
        return !proven;
    }

    @Override
    public VersionVector clock() {
        if (heard) {
            // A message is pushed after its commit is published; the flag falls first, so none is missed.
            heard = false;
            saw(store().clock());
        }
        return clock;
    }

    @Override
    public void saw(VersionVector more) {
        clock = clock.join(more);
    }

    @Override
    public void wrote(Dot update) {
        lastWrite = update;
    }

    @Override
    public @Nullable Dot lastWrite() {
        return lastWrite;
    }

    @Override
    public <R> R waiting(Wait<R> wait, Supplier<R> cutShort) throws InterruptedException {
        return connection.waiting(wait, cutShort);
    }

    @Override
    public void sendPushed() {
        try {
            connection.output().sendPushed();
        } catch (IOException gone) {
            log.debug("Client {} has gone: {}", client().address(), gone.toString());
        }
    }

    @Override
    public void push(Reply.Push message) {
        heard = true;
        connection.output().push(message);
    }

    @Override
    public void onEnd(Runnable cleanup) {
        cleanups.add(cleanup);
    }

    @Override
    public void replyMode(ReplyMode mode) {
        connection.replyMode(mode);
    }

    @Override
    public void reset() {
        end();
        // Before the reply, and in the version that the client still speaks: after it no message may come.
        sendPushed();
        multi.discard();
        Client client = connection.client();
        client.name("");
        client.protocol(2);
        client.noEvict(false);
        client.noTouch(false);
        connection.replyMode(ReplyMode.ON);
        proven = parts.password() == null;
        connection.proven(proven);
    }

    @Override
    public void quit() {
        connection.quit();
    }

    /** Runs the cleanups; one that throws keeps none of the others from running. */
    void end() {
        end(List.copyOf(cleanups).iterator());
    }

    private void end(Iterator<Runnable> due) {
        cleanups.clear();
        try {
            while (due.hasNext()) {
                due.next().run();
            }
            parts.commons().subscribers().gone(this);
        } catch (RuntimeException | Error bug) {
            end(due);
            throw bug;
        }
    }
}
