package dev.hence.simulator.node;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.FeedRequest;
import dev.hence.core.replication.FollowPlan;
import dev.hence.core.replication.HandshakeOutcome;
import dev.hence.core.replication.Heartbeat;
import dev.hence.core.replication.LogNeeds;
import dev.hence.core.replication.MemberClocks;
import dev.hence.core.replication.Relays;
import dev.hence.core.replication.Stability;
import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.trace.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The feeds that a node follows: a link to every configured peer, and relays for origins without one. */
final class Following {
    private static final long PLAN_INTERVAL_MICROS = 100_000;
    private static final long RELAY_REST_MILLIS = 1_000;

    private final NodeProcess process;
    private final List<PeerLink> links = new ArrayList<>();
    private final Relays relays = new Relays(RELAY_REST_MILLIS);
    private final Map<Relays.RelayRoute, FeedStream> relayStreams = new HashMap<>();
    private final MemberClocks members = new MemberClocks();
    private final Stability stability;
    private boolean closed;

    Following(NodeProcess process) {
        this.process = process;
        this.stability =
                new Stability(IntStream.range(0, process.cluster().settings().nodes())
                        .mapToObj(Settings::nodeName)
                        .toList());
        for (int peer : process.cluster().settings().peers().get(process.number())) {
            links.add(new PeerLink(process, this, peer));
        }
    }

    void begin() {
        links.forEach(link -> process.later(process.chance().between(0, 5_000), link::connect));
        process.later(PLAN_INTERVAL_MICROS, this::plan);
    }

    /** Whether the own feeds of all configured peers are being read. */
    boolean followsAll() {
        return links.stream().allMatch(link -> link.link().isPresent());
    }

    /** Returns this node's request for a feed. */
    FeedRequest request(@Nullable ReplicaId origin, Collection<Dot> differing) {
        VersionVector applied = process.clock();
        return FeedRequest.of(FeedSource.CLUSTER_NAME, process.self(), origin, applied, process.store(), differing);
    }

    private void plan() {
        if (closed) {
            return;
        }
        links.forEach(PeerLink::closeIfSilent);
        List.copyOf(relayStreams.values()).forEach(FeedStream::closeIfSilent);
        List<FollowPlan.Link> connected =
                links.stream().map(PeerLink::link).flatMap(Optional::stream).toList();
        Relays.Steps steps = relays.plan(process.self(), process.clock(), connected, process.millis());
        steps.close().forEach(this::close);
        steps.open().forEach(this::open);
        process.later(PLAN_INTERVAL_MICROS, this::plan);
    }

    /** Ends all streams, to repeat every handshake. */
    void endStreams() {
        links.forEach(PeerLink::meetAgain);
        List.copyOf(relayStreams.values()).forEach(FeedStream::end);
    }

    /** Ends the streams of an origin whose updates are not delivered any more. */
    void endStreamsOf(ReplicaId origin) {
        links.forEach(link -> link.closeIfOf(origin));
        List.copyOf(relayStreams.values()).forEach(stream -> stream.closeIfOf(origin));
    }

    private void close(Relays.RelayRoute relay) {
        FeedStream stream = relayStreams.remove(relay);
        if (stream != null) {
            stream.close();
        }
    }

    private void open(Relays.RelayRoute relay) {
        for (PeerLink link : links) {
            if (relay.through().equals(link.link().map(FollowPlan.Link::peer).orElse(null))) {
                relayStreams.put(
                        relay,
                        new FeedStream(process, link.peer(), relay.origin(), List.of(), new RelayedFeed(relay, link)));
                return;
            }
        }
        relays.ended(relay, false, process.millis());
    }

    /** The callbacks for a stream of another origin's updates. */
    private final class RelayedFeed implements FeedStream.Reader {
        private final Relays.RelayRoute relay;
        private final PeerLink link;

        RelayedFeed(Relays.RelayRoute relay, PeerLink link) {
            this.relay = relay;
            this.link = link;
        }

        @Override
        public boolean answered(ReplicaId source, FeedRequest.Answer answer) {
            HandshakeOutcome meeting = HandshakeOutcome.of(null, source, answer, process.self(), process.clock());
            switch (meeting) {
                case HandshakeOutcome.Renew(Dot forgotten, String why) -> process.seenElsewhere(forgotten, why);
                case HandshakeOutcome.Forked(Dot dot, String why) -> process.differs(source, dot);
                default -> {}
            }
            return meeting instanceof HandshakeOutcome.Follow;
        }

        @Override
        public void has(VersionVector appliedThere) {
            link.has(appliedThere);
        }

        @Override
        public void heard(Heartbeat heartbeat) {
            Following.this.heard(heartbeat);
        }

        @Override
        public void ended(boolean inOrder) {
            relayStreams.remove(relay);
            relays.ended(relay, inOrder, process.millis());
        }
    }

    /** Records a node's report of itself and of others. */
    void heard(Heartbeat heartbeat) {
        members.observe(heartbeat);
        ReplicaId self = process.self();
        stability.hear(heartbeat);
        long seen = heartbeat.seenOf(self);
        if (seen > 0) {
            process.seenElsewhere(new Dot(self, seen), heartbeat.from() + " has seen it");
        }
        lookAtStability();
    }

    /** Re-evaluates stability, as with every heartbeat. */
    private void lookAtStability() {
        VersionVector before = stability.stable();
        VersionVector stable = stability.update(process.self(), process.clock(), process.durable(), members.entries());
        if (!stable.equals(before)) {
            Tracer tracer = process.tracer();
            tracer.tell(new Event.Stable(tracer.now(), process.number(), tracer.of(stable)));
        }
    }

    /** What the configured peers are known to have stored durably. */
    List<LogNeeds.Member> stored() {
        Map<String, VersionVector> durable = new HashMap<>();
        members.entries().forEach(entry -> durable.put(entry.member().name(), entry.durable()));
        return links.stream()
                .map(link -> Settings.nodeName(link.peer()))
                .map(name -> new LogNeeds.Member(name, durable.get(name)))
                .toList();
    }

    /** Returns this node's heartbeat now. */
    Heartbeat heartbeat() {
        lookAtStability();
        return new Heartbeat(
                process.self(),
                process.clock(),
                process.durable(),
                process.machine().wallClock().millis(),
                members.othersThan(process.self().name()));
    }

    /** By how much the held update of a stream is beyond the bound; 0 if no stream is held. */
    long heldAheadMillis() {
        long most = 0;
        for (PeerLink link : links) {
            FeedStream stream = link.stream();
            most = Math.max(most, stream == null ? 0 : stream.heldAheadMillis());
        }
        for (FeedStream stream : relayStreams.values()) {
            most = Math.max(most, stream.heldAheadMillis());
        }
        return most;
    }

    /** Whether updates read from a peer are to be reordered and duplicated for now. */
    boolean isDisturbed(int peer) {
        return process.machine().isDisturbed(peer);
    }

    void close() {
        closed = true;
        links.forEach(PeerLink::close);
        List.copyOf(relayStreams.values()).forEach(FeedStream::close);
        relayStreams.clear();
    }

    void gone(boolean powered) {
        links.forEach(link -> link.gone(powered));
        relayStreams.values().forEach(stream -> stream.gone(powered));
    }
}
