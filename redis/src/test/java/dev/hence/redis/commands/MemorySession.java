package dev.hence.redis.commands;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.VersionVector;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.redis.connection.Client;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.Reply;
import dev.hence.redis.execution.Multi;
import dev.hence.redis.execution.ReplyMode;
import dev.hence.redis.execution.Session;
import dev.hence.redis.node.ScanCursors;
import dev.hence.redis.node.SharedState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session without a connection: it reads and writes a store, and knows what it has seen. */
final class MemorySession implements Session {

    private final Store store;
    private final ScanCursors scanCursors;
    private VersionVector clock = VersionVector.EMPTY;
    private @Nullable Dot lastWrite;

    MemorySession(Store store, ScanCursors scanCursors) {
        this.store = store;
        this.scanCursors = scanCursors;
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public ScanCursors scanCursors() {
        return scanCursors;
    }

    @Override
    public VersionVector clock() {
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
    public boolean hasPassword() {
        return false;
    }

    @Override
    public SharedState commons() {
        throw noConnection();
    }

    @Override
    public <R> R waiting(Wait<R> wait, Supplier<R> cutShort) {
        throw noConnection();
    }

    @Override
    public void sendPushed() {
        throw noConnection();
    }

    @Override
    public SessionTokens tokens() {
        throw noConnection();
    }

    @Override
    public Clients clients() {
        throw noConnection();
    }

    @Override
    public Client client() {
        throw noConnection();
    }

    @Override
    public Multi multi() {
        throw noConnection();
    }

    @Override
    public boolean authenticate(String user, String password) {
        throw noConnection();
    }

    @Override
    public boolean needsPassword() {
        return false;
    }

    @Override
    public void push(Reply.Push message) {
        throw noConnection();
    }

    @Override
    public void onEnd(Runnable cleanup) {
        throw noConnection();
    }

    @Override
    public void replyMode(ReplyMode mode) {
        throw noConnection();
    }

    @Override
    public void reset() {
        throw noConnection();
    }

    @Override
    public void quit() {
        throw noConnection();
    }

    private static UnsupportedOperationException noConnection() {
        return new UnsupportedOperationException("no connection");
    }
}
