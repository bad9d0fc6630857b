package dev.hence.simulator.node;

import dev.hence.core.clock.ClockBound;
import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.delivery.Receipt;
import dev.hence.core.replication.FeedBrokenException;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.FollowedFeed;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.HeldFeed;
import dev.hence.core.replication.Intake;
import dev.hence.core.update.Frame;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.codec.MalformedRecordException;
import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One feed that a node follows, from its request to its end. Messages are read one after the other; while updates wait
 * for room in the node no more are read, which blocks the source.
 */
final class FeedStream implements Connection.Handler<Message> {
    private static final long SILENCE_MILLIS_MAX = 1_500;
    private static final long LOOK_AGAIN_MICROS = 1_000_000;
    private static final long ROOM_MILLIS_MAX = 20_000;

    /** The owner's callbacks for a stream. */
    interface Reader {
        /** The answer in force has arrived; returns whether to follow. */
        boolean answered(ReplicaId source, Answer answer);

        /** The peer has applied these updates, as implied by the updates it sends. */
        void has(VersionVector appliedThere);

        void heard(Heartbeat heartbeat);

        /**
         * The stream has ended, not closed by this node.
         *
         * @param inOrder whether it was followed until its source ended it; otherwise it broke, fell silent, or was
         *     never followed
         */
        void ended(boolean inOrder);
    }

    private final NodeProcess process;
    private final int peer;
    private final Reader reader;
    private final FollowedFeed feed;
    private final HeldFeed hold;
    private final FrameDecoder decoder = new FrameDecoder();
    private final Connection<Message> connection;
    private final Queue<Message> unread = new ArrayDeque<>();
    private boolean taking;
    private boolean serving;
    private boolean cutOff;
    private boolean over;
    private long waitingSinceMillis;

    /**
     * @param origin the origin of the updates; null for the peer's own
     * @param differing dots under which the peer has different updates
     */
    FeedStream(NodeProcess process, int peer, @Nullable ReplicaId origin, Collection<Dot> differing, Reader reader) {
        this.process = process;
        this.peer = peer;
        this.reader = reader;
        this.waitingSinceMillis = process.millis();
        FeedRequest request = process.following().request(origin, differing);
        this.feed = new FollowedFeed(request);
        this.hold = new HeldFeed(process.clocks().bound());
        Machine other = process.cluster().machine(peer);
        this.connection = process.cluster().network().open(process.number(), peer, accepted -> {
            NodeProcess there = other.process();
            if (there != null && !there.isClosing()) {
                there.accept(accepted);
            }
        });
        connection.handle(true, this);
        connection.send(true, new Message.Requested(request));
    }

    @Override
    public void arrived(Message message) {
        process.run(() -> {
            unread.add(message);
            read();
        });
    }

    @Override
    public void ended() {
        process.run(() -> {
            cutOff = true;
            read();
        });
    }

    private void read() {
        while (!over && !taking) {
            Message next = unread.poll();
            if (next == null) {
                break;
            }
            waitingSinceMillis = process.millis();
            handle(next);
        }
        if (cutOff && unread.isEmpty() && !taking) {
            finish(false);
        }
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Answered(ReplicaId source, Answer answer, Map<Dot, Integer> held) ->
                answered(source, answer, held);
            case Message.Updates(List<Bytes> frames) -> take(frames);
            case Message.Heard(Heartbeat heartbeat) -> {
                reader.heard(heartbeat);
                connection.send(true, new Message.Taken());
                if (hold.isOver(process.machine().wallClock().millis())) {
                    finish(true);
                }
            }
            case Message.Ended ended -> finish(serving);
            case Message other -> throw new IllegalStateException("a source sent " + other);
        }
    }

    private void answered(ReplicaId source, Answer answer, Map<Dot, Integer> held) {
        if (feed.answered(source, answer, held, process.clock(), process.store())) {
            serving = reader.answered(source, feed.answer());
            if (!serving) {
                finish(false);
            }
        }
    }

    private void take(List<Bytes> encoded) {
        List<Frame> frames = received(encoded);
        if (hold.held() != null) {
            connection.send(true, new Message.Taken());
            return;
        }
        taking = true;
        Intake intake = new Intake(process.following().isDisturbed(peer) ? disturbed(frames) : frames);
        reader.has(intake.appliedThere());
        offer(intake);
    }

    private List<Frame> received(List<Bytes> encoded) {
        List<Frame> frames = new ArrayList<>();
        try {
            for (Bytes bytes : encoded) {
                Frame frame = decoder.decode(bytes);
                feed.received(frame);
                process.tracer().decoded(frame);
                frames.add(frame);
            }
        } catch (MalformedRecordException | FeedBrokenException broken) {
            throw new IllegalStateException("the feed of " + Settings.nodeName(peer) + " is broken", broken);
        }
        return frames;
    }

    /** Returns the same updates, reordered, some of them duplicated, and some not in the frame that they arrived in. */
    private List<Frame> disturbed(List<Frame> frames) {
        Chance chance = process.chance();
        List<Frame> disturbed = new ArrayList<>();
        for (Frame frame : frames.reversed()) {
            if (chance.happens(0.3)) {
                disturbed.addAll(Frame.each(frame.updates()).reversed());
            } else {
                disturbed.add(frame);
            }
        }
        Frame again = frames.get(chance.below(frames.size()));
        long first = again.first().dot().counter();
        disturbed.add(chance.below(disturbed.size() + 1), again.part(first, first + chance.below(again.size())));
        return disturbed;
    }

    private void offer(Intake intake) {
        VersionVector before = process.clock();
        process.writer().receive(intake.left(), peer, receipts -> taken(intake, receipts, before));
    }

    private void taken(Intake intake, List<Receipt> receipts, VersionVector before) {
        if (receipts.getLast() instanceof Receipt.Forgotten(Dot seen)) {
            process.writer().renew(seen.replica(), Settings.nodeName(peer) + " sends an update that has seen " + seen);
        }
        if (receipts.getLast() instanceof Receipt.Forked) {
            finish(false);
            return;
        }
        boolean again = intake.offered(receipts);
        if (over) {
            return;
        }
        Update ahead = intake.aheadOfTime();
        if (ahead != null) {
            hold.hold(ahead);
        }
        if (intake.isEmpty() || ahead != null) {
            taking = false;
            waitingSinceMillis = process.millis();
            connection.send(true, new Message.Taken());
            read();
        } else if (again) {
            offer(intake);
        } else if (intake.isOverdue(process.millis(), ROOM_MILLIS_MAX)) {
            AtHand.requireNothing(process, intake.left());
            finish(false);
        } else if (!process.clock().equals(before)) {
            offer(intake);
        } else {
            awaitRoom(intake);
        }
    }

    private void awaitRoom(Intake intake) {
        boolean[] offered = {false};
        Runnable offerOnce = () -> {
            if (!offered[0] && !over) {
                offered[0] = true;
                offer(intake);
            }
        };
        process.afterPublication(offerOnce);
        process.later(LOOK_AGAIN_MICROS, offerOnce);
    }

    /** By how much the held update is beyond the bound; 0 if the stream does not wait for time. */
    long heldAheadMillis() {
        Update held = hold.held();
        return held == null
                ? 0
                : ClockBound.aheadMillis(
                                held.timestamp(), process.machine().wallClock().millis())
                        - process.clocks().bound().aheadMillisMax();
    }

    /** Ends the stream, to request it again. */
    void end() {
        if (serving) {
            finish(false);
        }
    }

    /** Ends the stream if it carries updates of an origin that are not delivered any more. */
    void closeIfOf(ReplicaId origin) {
        if (!over
                && serving
                && feed.answer() instanceof Answer.Serve serve
                && serve.origin().equals(origin)) {
            finish(false);
        }
    }

    /** Ends the stream if the peer has been silent for too long while this node waited for it. */
    void closeIfSilent() {
        if (!over && !taking && process.millis() - waitingSinceMillis > SILENCE_MILLIS_MAX) {
            finish(false);
        }
    }

    private void finish(boolean inOrder) {
        if (!over) {
            close();
            reader.ended(inOrder);
        }
    }

    /** Ends the stream from this side. */
    void close() {
        over = true;
        connection.close(true);
    }

    void gone(boolean powered) {
        over = true;
        if (powered) {
            connection.close(true);
        } else {
            connection.vanish(true);
        }
    }
}
