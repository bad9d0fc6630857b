package dev.hence.redis.connection;

/**
 * A connected client, as other clients may see it. Its own connection changes it; everyone may look.
 *
 * <p>Thread-safe.
 */
public final class Client {

    /** How a wait of a blocking command is ended by somebody else. */
    public enum Unblocking {
        /** As if its time were up. */
        TIMEOUT,
        /** With an error that says so. */
        ERROR
    }

    /** What others can do to a client. */
    public interface Control {
        /** Ends its connection. */
        void kill();

        /** Ends the wait of its blocking command; whether it was waiting. */
        boolean unblock(Unblocking how);

        /** How many bytes of messages it has not read yet. */
        long unreadBytes();
    }

    private final long id;
    private final String address;
    private final String localAddress;
    private final Control control;
    private final long createdNanos;
    private volatile long activeNanos;
    private volatile String name = "";
    private volatile String libraryName = "";
    private volatile String libraryVersion = "";
    private volatile int protocol = 2;
    private volatile String lastCommand = "NULL";
    private volatile int channels;
    private volatile int patterns;
    private volatile int queued = -1;
    private volatile long queuedBytes;
    private volatile int watched;
    private volatile boolean noEvict;
    private volatile boolean noTouch;
    private volatile boolean blocked;

    /**
     * @param id greater than that of every client before
     * @param address where it came from, {@code host:port}
     * @param localAddress what it connected to
     */
    public Client(long id, String address, String localAddress, Control control) {
        this.id = id;
        this.address = address;
        this.localAddress = localAddress;
        this.control = control;
        this.createdNanos = System.nanoTime();
        this.activeNanos = createdNanos;
    }

    /** Its number, which no other client of this process has had. */
    public long id() {
        return id;
    }

    /** Where it came from, {@code host:port}. */
    public String address() {
        return address;
    }

    /** What it connected to, {@code host:port}. */
    public String localAddress() {
        return localAddress;
    }

    /** What others can do to it. */
    public Control control() {
        return control;
    }

    /** How long it has been connected. */
    public long ageSeconds() {
        return (System.nanoTime() - createdNanos) / 1_000_000_000;
    }

    /** How long ago it last sent a command. */
    public long idleSeconds() {
        return (System.nanoTime() - activeNanos) / 1_000_000_000;
    }

    /** Takes note of a command. */
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
        return protocol;
    }

    public void protocol(int version) {
        protocol = version;
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
        return blocked;
    }

    public void blocked(boolean waits) {
        blocked = waits;
    }
}
