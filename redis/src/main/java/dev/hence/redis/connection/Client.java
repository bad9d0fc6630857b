package dev.hence.redis.connection;

/**
 * A connected client as other clients see it. Only its own connection modifies it; any thread may read it.
 *
 * <p>Thread-safe.
 */
public final class Client {

    private final long id;
    private final Connection connection;
    private final long createdNanos;
    private volatile long activeNanos;
    private volatile String name = "";
    private volatile String libraryName = "";
    private volatile String libraryVersion = "";
    private volatile String lastCommand = "NULL";
    private volatile int channels;
    private volatile int patterns;
    private volatile int queued = -1;
    private volatile long queuedBytes;
    private volatile int watched;
    private volatile boolean noEvict;
    private volatile boolean noTouch;

    /** @param id greater than that of every client before */
    public Client(long id, Connection connection) {
        this.id = id;
        this.connection = connection;
        this.createdNanos = System.nanoTime();
        this.activeNanos = createdNanos;
    }

    /** Its id, unique within this process. */
    public long id() {
        return id;
    }

    /** Its remote address, {@code host:port}. */
    public String address() {
        return connection.address();
    }

    /** The local address that it connected to, {@code host:port}. */
    public String localAddress() {
        return connection.localAddress();
    }

    /** Ends its connection. */
    public void kill() {
        connection.kill();
    }

    /** Whether its connection was ended without waiting for its running command. */
    public boolean isKilled() {
        return connection.isKilled();
    }

    /** Ends its connection when its running command is answered. */
    public void endSoon() {
        connection.endSoon();
    }

    /** Whether it exceeds a timeout for its next request or for reading replies. */
    boolean isOverdue(RespTiming timing, long nowNanos) {
        return connection.isOverdue(timing, isSubscribed(), nowNanos);
    }

    /** Ends the wait of its blocking command; returns whether it was waiting. */
    public boolean unblock(Wait.End how) {
        return connection.unblock(how);
    }

    /** The size of its unread messages, in bytes. */
    public long unreadBytes() {
        return connection.unreadBytes();
    }

    /** The age of its connection, in seconds. */
    public long ageSeconds() {
        return (System.nanoTime() - createdNanos) / 1_000_000_000;
    }

    /** Seconds since its last command. */
    public long idleSeconds() {
        return (System.nanoTime() - activeNanos) / 1_000_000_000;
    }

    /** Records a command. */
    public void sent(String command) {
        lastCommand = command;
        activeNanos = System.nanoTime();
    }

    /** The name that it set; empty for none. */
    public String name() {
        return name;
    }

    public void name(String chosen) {
        name = chosen;
    }

    /** The library that it uses; empty if unknown. */
    public String libraryName() {
        return libraryName;
    }

    public void libraryName(String said) {
        libraryName = said;
    }

    /** The version of that library; empty if unknown. */
    public String libraryVersion() {
        return libraryVersion;
    }

    public void libraryVersion(String said) {
        libraryVersion = said;
    }

    /** The protocol version: 2 or 3. */
    public int protocol() {
        return connection.protocol();
    }

    public void protocol(int version) {
        connection.protocol(version);
    }

    /** The last command, in the format of {@code CLIENT LIST}: {@code client|list}. */
    public String lastCommand() {
        return lastCommand;
    }

    /** Records the number of its channel and pattern subscriptions. */
    public void subscribed(int toChannels, int toPatterns) {
        channels = toChannels;
        patterns = toPatterns;
    }

    /** The number of channels that it subscribes to. */
    public int channels() {
        return channels;
    }

    /** The number of patterns that it subscribes to. */
    public int patterns() {
        return patterns;
    }

    /** Whether it has any subscription; in RESP2 it may then send only the commands allowed while subscribed. */
    public boolean isSubscribed() {
        return channels + patterns > 0;
    }

    /** The number of commands queued by MULTI; -1 outside a transaction. */
    public int queued() {
        return queued;
    }

    /** The size of these commands, in bytes. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** The number of keys that it watches. */
    public int watched() {
        return watched;
    }

    public void multi(int commandsQueued, long bytesQueued, int keysWatched) {
        queued = commandsQueued;
        queuedBytes = bytesQueued;
        watched = keysWatched;
    }

    /** Whether it asked to be exempt from disconnection for lack of memory. */
    public boolean noEvict() {
        return noEvict;
    }

    public void noEvict(boolean on) {
        noEvict = on;
    }

    /** Whether it asked that its commands do not count as use of keys. */
    public boolean noTouch() {
        return noTouch;
    }

    public void noTouch(boolean on) {
        noTouch = on;
    }

    /** Whether it waits in a blocking command. */
    public boolean isBlocked() {
        return connection.isWaiting();
    }
}
