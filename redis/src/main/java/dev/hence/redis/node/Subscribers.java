package dev.hence.redis.node;

import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import dev.hence.redis.connection.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The channel subscriptions of this node.
 *
 * <p>A message is an operation of an update. The writer delivers it when the update is committed here, in delivery
 * order. So no subscriber receives a message before readers of this node see all that happened before it, and the
 * publisher gets its reply after the message is on its way to every subscriber here.
 *
 * <p>Nothing blocks under the lock, because {@link Subscriber#push} does not block. After {@link #unsubscribe} returns,
 * nothing more of that channel is pushed.
 *
 * <p>Thread-safe.
 */
public final class Subscribers {

    /** The maximum number of channels and patterns of one subscriber. */
    public static final int SUBSCRIPTIONS_MAX = 8_192;

    /** The maximum total length of their names, in bytes. */
    public static final long NAMES_BYTES_MAX = 1 << 20;

    /** A receiver of messages. */
    public interface Subscriber {

        /** Sends a message without blocking; any thread may call this. */
        void push(Reply.Push message);

        /** Receives the current number of its subscriptions. */
        void listensTo(int channels, int patterns);
    }

    /** The names of one kind of subscription in requests and replies. */
    private enum Kind {
        CHANNEL("subscribe", "unsubscribe"),
        PATTERN("psubscribe", "punsubscribe");

        private final String begin;
        private final String end;

        Kind(String begin, String end) {
            this.begin = begin;
            this.end = end;
        }
    }

    /** All subscribers of one pattern. */
    private record Pattern(Predicate<Bytes> fits, Set<Subscriber> subscribers) {}

    /** The subscriptions of one subscriber, in the order of its requests. */
    private static final class Subscription {
        private final Set<Bytes> channels = new LinkedHashSet<>();
        private final Set<Bytes> patterns = new LinkedHashSet<>();
        private long nameBytes;

        private void add(Kind kind, Bytes name) {
            nameBytes += names(kind).add(name) ? name.length() : 0;
        }

        private boolean remove(Kind kind, Bytes name) {
            boolean removed = names(kind).remove(name);
            nameBytes -= removed ? name.length() : 0;
            return removed;
        }

        private Set<Bytes> names(Kind kind) {
            return kind == Kind.CHANNEL ? channels : patterns;
        }

        private int count() {
            return channels.size() + patterns.size();
        }
    }

    private static final Reply MESSAGE = Reply.of("message");
    private static final Reply PATTERN_MESSAGE = Reply.of("pmessage");

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Bytes, Set<Subscriber>> channels = new LinkedHashMap<>();
    private final Map<Bytes, Pattern> patterns = new LinkedHashMap<>();
    private final Map<Subscriber, Subscription> subscriptions = new LinkedHashMap<>();
    private volatile boolean silent = true;

    /** Subscribes to a channel; returns the confirmation. */
    public Reply.Push subscribe(Subscriber subscriber, Bytes channel) {
        lock.lock();
        try {
            Subscription own = begin(Kind.CHANNEL, subscriber, channel);
            channels.computeIfAbsent(channel, any -> new LinkedHashSet<>()).add(subscriber);
            return confirmation(Kind.CHANNEL.begin, new Reply.Bulk(channel), own);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Subscribes to all channels that match a pattern; returns the confirmation.
     *
     * @param fits whether a channel matches the pattern
     */
    public Reply.Push subscribe(Subscriber subscriber, Bytes pattern, Predicate<Bytes> fits) {
        lock.lock();
        try {
            Subscription own = begin(Kind.PATTERN, subscriber, pattern);
            patterns.computeIfAbsent(pattern, any -> new Pattern(fits, new LinkedHashSet<>()))
                    .subscribers()
                    .add(subscriber);
            return confirmation(Kind.PATTERN.begin, new Reply.Bulk(pattern), own);
        } finally {
            lock.unlock();
        }
    }

    private Subscription begin(Kind kind, Subscriber subscriber, Bytes name) {
        Subscription own = subscriptions.computeIfAbsent(subscriber, any -> new Subscription());
        own.add(kind, name);
        silent = false;
        told(subscriber, own);
        return own;
    }

    /** Unsubscribes from a channel; returns the confirmation, even if there was no subscription. */
    public Reply.Push unsubscribe(Subscriber subscriber, Bytes channel) {
        return end(Kind.CHANNEL, subscriber, channel);
    }

    /** Same as {@link #unsubscribe}, for a pattern. */
    public Reply.Push unsubscribePattern(Subscriber subscriber, Bytes pattern) {
        return end(Kind.PATTERN, subscriber, pattern);
    }

    /** Unsubscribes from all channels; returns at least one confirmation. */
    public List<Reply> unsubscribeAll(Subscriber subscriber) {
        return endAll(Kind.CHANNEL, subscriber);
    }

    /** Unsubscribes from all patterns; returns at least one confirmation. */
    public List<Reply> unsubscribeAllPatterns(Subscriber subscriber) {
        return endAll(Kind.PATTERN, subscriber);
    }

    private List<Reply> endAll(Kind kind, Subscriber subscriber) {
        lock.lock();
        try {
            Subscription own = subscriptions.get(subscriber);
            if (own == null || own.names(kind).isEmpty()) {
                return List.of(confirmation(kind.end, Reply.NULL, own));
            }
            List<Reply> confirmations = new ArrayList<>();
            for (Bytes name : List.copyOf(own.names(kind))) {
                confirmations.add(end(kind, subscriber, name));
            }
            return confirmations;
        } finally {
            lock.unlock();
        }
    }

    private Reply.Push end(Kind kind, Subscriber subscriber, Bytes name) {
        lock.lock();
        try {
            Subscription own = subscriptions.get(subscriber);
            if (own != null && own.remove(kind, name)) {
                leave(kind, subscriber, name);
                told(subscriber, own);
                if (own.count() == 0) {
                    subscriptions.remove(subscriber);
                    silent = subscriptions.isEmpty();
                }
            }
            return confirmation(kind.end, new Reply.Bulk(name), own);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Kind kind, Subscriber subscriber, Bytes name) {
        if (kind == Kind.CHANNEL) {
            channels.computeIfPresent(name, (channel, listening) -> without(listening, subscriber));
        } else {
            patterns.computeIfPresent(
                    name, (pattern, known) -> without(known.subscribers(), subscriber) == null ? null : known);
        }
    }

    private static @Nullable Set<Subscriber> without(Set<Subscriber> subscribers, Subscriber subscriber) {
        subscribers.remove(subscriber);
        return subscribers.isEmpty() ? null : subscribers;
    }

    /** Removes a subscriber that has gone, without sending it anything. */
    public void gone(Subscriber subscriber) {
        lock.lock();
        try {
            Subscription own = subscriptions.remove(subscriber);
            if (own != null) {
                own.channels.forEach(channel -> leave(Kind.CHANNEL, subscriber, channel));
                own.patterns.forEach(pattern -> leave(Kind.PATTERN, subscriber, pattern));
                silent = subscriptions.isEmpty();
                subscriber.listensTo(0, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void told(Subscriber subscriber, Subscription own) {
        subscriber.listensTo(own.channels.size(), own.patterns.size());
    }

    private static Reply.Push confirmation(String kind, Reply name, @Nullable Subscription own) {
        return new Reply.Push(List.of(Reply.of(kind), name, Reply.of(own == null ? 0 : own.count())));
    }

    /** Whether a subscriber may add this many channels or patterns; one that it already has counts twice. */
    public boolean hasRoomFor(Subscriber subscriber, List<Bytes> names) {
        long bytes = names.stream().mapToLong(Bytes::length).sum();
        lock.lock();
        try {
            Subscription own = subscriptions.get(subscriber);
            return own == null
                    ? names.size() <= SUBSCRIPTIONS_MAX && bytes <= NAMES_BYTES_MAX
                    : own.count() + names.size() <= SUBSCRIPTIONS_MAX && own.nameBytes + bytes <= NAMES_BYTES_MAX;
        } finally {
            lock.unlock();
        }
    }

    /** Delivers the messages of committed updates; must be called in delivery order. */
    public void delivered(Collection<Update> updates) {
        if (silent) {
            return;
        }
        for (Update update : updates) {
            for (Operation operation : update.operations()) {
                if (operation instanceof Operation.Publish publish && !publish.isHidden()) {
                    hand(publish.channel(), publish.message());
                }
            }
        }
    }

    private void hand(Bytes channel, Bytes message) {
        Reply name = new Reply.Bulk(channel);
        Reply text = new Reply.Bulk(message);
        lock.lock();
        try {
            Set<Subscriber> listening = channels.getOrDefault(channel, Set.of());
            if (!listening.isEmpty()) {
                Reply.Push push = new Reply.Push(List.of(MESSAGE, name, text));
                listening.forEach(subscriber -> subscriber.push(push));
            }
            patterns.forEach((pattern, known) -> {
                if (known.fits().test(channel)) {
                    Reply.Push push = new Reply.Push(List.of(PATTERN_MESSAGE, new Reply.Bulk(pattern), name, text));
                    known.subscribers().forEach(subscriber -> subscriber.push(push));
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** How many deliveries a message to a channel would cause here now. */
    public int reached(Bytes channel) {
        if (silent) {
            return 0;
        }
        lock.lock();
        try {
            int reached = channels.getOrDefault(channel, Set.of()).size();
            for (Pattern pattern : patterns.values()) {
                reached += pattern.fits().test(channel) ? pattern.subscribers().size() : 0;
            }
            return reached;
        } finally {
            lock.unlock();
        }
    }

    /** The channels with at least one subscriber by name. */
    public List<Bytes> channels() {
        lock.lock();
        try {
            return new ArrayList<>(channels.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** The number of subscribers to a channel by name. */
    public int listening(Bytes channel) {
        lock.lock();
        try {
            return channels.getOrDefault(channel, Set.of()).size();
        } finally {
            lock.unlock();
        }
    }

    /** The number of distinct patterns with subscribers. */
    public int patterns() {
        lock.lock();
        try {
            return patterns.size();
        } finally {
            lock.unlock();
        }
    }
}
