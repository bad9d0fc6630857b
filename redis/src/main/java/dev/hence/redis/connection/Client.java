package dev.hence.redis.connection;

/**
 * A connected client, as other clients may see it. Its own connection changes it; everyone may look.
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

    /** Its number, which no other client of this process has had. */
    public long id() {
        return id;
    }

    /** Where it came from, {@code host:port}. */
    public String address() {
        return connection.address();
    }

    /** What it connected to, {@code host:port}. */
    public String localAddress() {
        return connection.localAddress();
    }

    /** Ends its connection. */
    public void kill() {
        connection.kill();
    }

    /** Whether its connection was ended without regard to what it was doing. */
    public boolean isKilled() {
        return connection.isKilled();
    }

    /** Ends its connection when what it runs is answered. */
    public void endSoon() {
        connection.endSoon();
    }

    /** Whether it takes longer than it may, with its next request or with reading. */
    boolean isOverdue(RespTiming timing, long nowNanos) {
        return connection.isOverdue(timing, isSubscribed(), nowNanos);
    }

    /** Ends the wait of its blocking command; whether it was waiting. */
    public boolean unblock(Wait.End how) {
        return connection.unblock(how);
    }

    /** How many bytes of messages it has not read yet. */
    public long unreadBytes() {
        return connection.unreadBytes();
    }

    /** How long it has been connected. */
    public long ageSeconds() {
        return (System.nanoTime() - createdNanos) / 1_000_000_000;
    }

    /** How long ago it last sent a command. */
    public long idleSeconds() {
        return (System.nanoTime() - activeNanos) / 1_000_000_000;
    }

    /** Records a command. */
    public void sent(String command) {
        lastCommand = command;
        activeNanos = System.nanoTime();
    }

    /** The name that it gave itself; empty for none. */
    public String name() {
        return name;
    }

    public void name(String chosen) {
        name = chosen;
    }

    /** The library that it uses; empty if it did not say. */
    public String libraryName() {
        return libraryName;
    }

    public void libraryName(String said) {
        libraryName = said;
    }

    /** The version of that library; empty if it did not say. */
    public String libraryVersion() {
        return libraryVersion;
    }

    public void libraryVersion(String said) {
        libraryVersion = said;
    }

    /** The version of the protocol: 2 or 3. */
    public int protocol() {
        return connection.protocol();
    }

    public void protocol(int version) {
        connection.protocol(version);
    }

    /** The last command, as {@code CLIENT LIST} has it: {@code client|list}. */
    public String lastCommand() {
        return lastCommand;
    }

    /** How many channels and how many patterns it listens to. */
    public void subscribed(int toChannels, int toPatterns) {
        channels = toChannels;
        patterns = toPatterns;
    }

    /** How many channels it listens to. */
    public int channels() {
        return channels;
    }

    /** How many patterns of channels it listens to. */
    public int patterns() {
        return patterns;
    }

    /** Whether it listens to anything, so that in RESP2 it may send only what goes with that. */
    public boolean isSubscribed() {
        return channels + patterns > 0;
    }

    /** How many commands MULTI has queued; -1 outside of it. */
    public int queued() {
        return queued;
    }

    /** How many bytes these commands have. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** How many keys it watches. */
    public int watched() {
        return watched;
    }

    public void multi(int commandsQueued, long bytesQueued, int keysWatched) {
        queued = commandsQueued;
        queuedBytes = bytesQueued;
        watched = keysWatched;
    }

    /** Whether it asked not to be disconnected for want of memory. */
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

    /** Whether a blocking command of its waits. */
    public boolean isBlocked() {
        return connection.isWaiting();
    }
}
