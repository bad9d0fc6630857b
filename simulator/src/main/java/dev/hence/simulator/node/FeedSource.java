package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FeedRequest.Answer;
import dev.hence.core.replication.ServedFeed;
import dev.hence.core.replication.ServedFeed.Next;
import dev.hence.engine.codec.EncodedFrame;
import dev.hence.engine.codec.FrameHeader;
import dev.hence.engine.storage.DeletedUpdatesException;
import dev.hence.simulator.world.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The feeds that a node serves to its followers. */
final class FeedSource {
    static final String CLUSTER_NAME = "hence";
    /** About the memory that the log counts for a small frame. */
    private static final long FRAME_BYTES = 250;

    private static final ServedFeed.Timing TIMING = new ServedFeed.Timing(250, 2_000);

    private final NodeProcess process;
    private final List<Serving> servings = new ArrayList<>();

    FeedSource(NodeProcess process) {
        this.process = process;
    }

    /** Accepts a follower's connection; its request is the first message. */
    void accept(Connection<Message> connection) {
        Serving serving = new Serving(connection);
        servings.add(serving);
        connection.handle(false, serving);
    }

    /** Called after each publication. */
    void wake() {
        List.copyOf(servings).forEach(Serving::wake);
    }

    void gone(boolean powered) {
        for (Serving serving : servings) {
            if (powered) {
                serving.connection.close(false);
            } else {
                serving.connection.vanish(false);
            }
        }
    }

    private ServedFeed.Moment now() {
        return new ServedFeed.Moment(
                process.self(), process.clock(), process.isClosing(), process.millis(), process.forked());
    }

    /** One feed. It sends as long as there is room on the connection, and otherwise waits like a blocked write. */
    private final class Serving implements Connection.Handler<Message> {
        private final Connection<Message> connection;
        private @Nullable ServedFeed feed;
        private int room = process.cluster().settings().windowMessages();
        private boolean woken;
        private boolean ended;
        private long timerAtMillis = Long.MAX_VALUE;

        Serving(Connection<Message> connection) {
            this.connection = connection;
        }

        @Override
        public void arrived(Message message) {
            process.run(() -> {
                switch (message) {
                    case Message.Requested(FeedRequest request) -> open(request);
                    case Message.Taken taken -> {
                        room++;
                        wake();
                    }
                    case Message other -> throw new IllegalStateException("a follower sent " + other);
                }
            });
        }

        @Override
        public void ended() {
            ended = true;
            servings.remove(this);
        }

        private void open(FeedRequest request) {
            ServedFeed opened = ServedFeed.open(request, CLUSTER_NAME, now(), process.store(), TIMING);
            feed = opened;
            ReplicaId self = process.self();
            for (Answer answer : opened.answers()) {
                send(new Message.Answered(self, answer, opened.held()));
            }
            if (opened.isServing()) {
                process.agrees(request.follower());
                wake();
            } else {
                switch (opened.answers().getLast()) {
                    case Answer.SourceRegressed(Dot seen) ->
                        process.writer().renew(self, request.follower() + " has seen " + seen + " of it");
                    case Answer.Forked(Dot dot) -> process.differs(request.follower(), dot);
                    default -> {}
                }
                end();
            }
        }

        void wake() {
            if (!woken && !ended && feed != null) {
                woken = true;
                process.later(process.chance().between(5, 200), () -> {
                    woken = false;
                    serve();
                });
            }
        }

        private void serve() {
            while (!ended && room > 0 && feed != null) {
                switch (feed.next(now())) {
                    case Next.Beat beat ->
                        sendCounted(new Message.Heard(process.following().heartbeat()));
                    case Next.Send send -> {
                        if (!send(feed, send)) {
                            sendCounted(new Message.Ended("the next updates are deleted"));
                            end();
                        }
                    }
                    case Next.End(String why) -> {
                        sendCounted(new Message.Ended(why));
                        end();
                    }
                    case Next.Wait(long millisMax) -> {
                        wakeAt(process.millis() + millisMax);
                        return;
                    }
                }
            }
        }

        /** Returns false if the log does not hold the updates any more. */
        private boolean send(ServedFeed serving, Next.Send send) {
            int most = 1 + process.chance().below(process.cluster().settings().chunkFramesMax());
            List<EncodedFrame> frames;
            try {
                frames = process.store()
                        .framesOf(send.origin(), send.after(), send.upTo(), most * FRAME_BYTES, serving.isBeginning());
            } catch (DeletedUpdatesException deleted) {
                return false;
            }
            for (EncodedFrame frame : frames) {
                FrameHeader header = frame.header();
                serving.sent(new Dot(header.origin(), header.first()), header.count(), process.millis());
            }
            sendCounted(
                    new Message.Updates(frames.stream().map(EncodedFrame::bytes).toList()));
            return true;
        }

        private void wakeAt(long millis) {
            if (millis < timerAtMillis || timerAtMillis <= process.millis()) {
                timerAtMillis = millis;
                process.later((millis - process.millis()) * 1_000, this::wake);
            }
        }

        private void sendCounted(Message message) {
            room--;
            send(message);
        }

        private void send(Message message) {
            connection.send(false, message);
            process.machine().effect();
        }

        private void end() {
            ended = true;
            servings.remove(this);
            connection.close(false);
        }
    }
}
