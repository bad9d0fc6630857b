package dev.hence.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.replication.CatchUp.Link;
import dev.hence.core.replication.CatchUp.Peer;
import dev.hence.property.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A node that starts among peers that write, disconnect, return and lose their disks: it is never done before the
 * invariant holds, stays done, and is done in the end.
 */
final class CatchUpPropertyTest {

    private static final int PEERS_MAX = 4;
    private static final long ABSENT_MAX = 1_000;

    private sealed interface Step {
        record Setup(ReadyWhen readyWhen, int peers) implements Step {}

        record Wait(int millis) implements Step {}

        record Write(int peer) implements Step {}

        /** The peers exchange all their updates. */
        record Share() implements Step {}

        record Connect(int peer) implements Step {}

        record Announce(int peer) implements Step {}

        record Lose(int peer) implements Step {}

        record Fail(int peer) implements Step {}

        record LoseDisk(int peer) implements Step {}

        /** The node applies some updates of a peer. */
        record Apply(int peer, int percent) implements Step {}
    }

    @Test
    void look_anyTrace_keepsWhatBeingDonePromises() {
        new Property<Step>(
                        "done means caught up, stays, and comes",
                        Property.steps(CatchUpPropertyTest::setup, 60, CatchUpPropertyTest::step),
                        CatchUpPropertyTest::check)
                .holdsFor(20_000);
    }

    private static Step.Setup setup(RandomGenerator random) {
        return new Step.Setup(
                random.nextInt(4) == 0 ? ReadyWhen.ALL_PEERS : ReadyWhen.CAUGHT_UP, 1 + random.nextInt(PEERS_MAX));
    }

    private static Step step(RandomGenerator random) {
        int peer = random.nextInt(PEERS_MAX);
        return switch (random.nextInt(16)) {
            case 0, 1 -> new Step.Wait(random.nextInt(600));
            case 2, 3 -> new Step.Write(peer);
            case 4 -> new Step.Share();
            case 5, 6, 7 -> new Step.Connect(peer);
            case 8, 9 -> new Step.Announce(peer);
            case 10 -> new Step.Lose(peer);
            case 11 -> new Step.Fail(peer);
            case 12 -> new Step.LoseDisk(peer);
            default -> new Step.Apply(peer, random.nextInt(101));
        };
    }

    private static void check(List<Step> trace) {
        Step.Setup setup = trace.stream()
                .filter(Step.Setup.class::isInstance)
                .map(Step.Setup.class::cast)
                .findFirst()
                .orElse(new Step.Setup(ReadyWhen.CAUGHT_UP, 2));
        World world = new World(setup);
        world.look();
        for (Step step : trace) {
            world.take(step);
            world.look();
        }
        world.settle();
    }

    private static final class Model {
        final String name;
        ReplicaId identity;
        VersionVector has = VersionVector.EMPTY;
        Link link = Link.TRYING;

        @Nullable
        ReplicaId met;

        /** The first announcement of the identity that was met. */
        @Nullable
        VersionVector target;

        /** The time since when it has not been followed. */
        long absentSince;

        Model(String name, long millis) {
            this.name = name;
            this.identity = new ReplicaId(name, 1);
            this.absentSince = millis;
        }

        void leave(Link how, long millis) {
            if (link == Link.FOLLOWED) {
                absentSince = millis;
            }
            link = how;
        }
    }

    private static final class World {
        private final ReadyWhen readyWhen;
        private final List<Model> peers = new ArrayList<>();
        private final CatchUp catchUp;
        private VersionVector clock = VersionVector.EMPTY;
        private long millis = 50_000;
        private boolean done;

        World(Step.Setup setup) {
            this.readyWhen = setup.readyWhen();
            for (int i = 0; i < setup.peers(); i++) {
                peers.add(new Model("p" + i, millis));
            }
            this.catchUp = new CatchUp(readyWhen, clock, ABSENT_MAX);
        }

        private Model peer(int index) {
            return peers.get(index % peers.size());
        }

        void take(Step step) {
            switch (step) {
                case Step.Setup ignored -> {}
                case Step.Wait(int passing) -> millis += passing;
                case Step.Write(int peer) ->
                    peer(peer).has = peer(peer).has.with(peer(peer).has.next(peer(peer).identity));
                case Step.Share() -> {
                    VersionVector all = peers.stream().map(peer -> peer.has).reduce(clock, VersionVector::join);
                    peers.forEach(peer -> peer.has = all);
                }
                case Step.Connect(int peer) -> connect(peer(peer));
                case Step.Announce(int peer) -> announce(peer(peer));
                case Step.Lose(int peer) -> peer(peer).leave(Link.TRYING, millis);
                case Step.Fail(int peer) -> peer(peer).leave(Link.FAILED, millis);
                case Step.LoseDisk(int peer) -> loseDisk(peer(peer));
                case Step.Apply(int peer, int percent) -> apply(peer(peer), percent);
            }
        }

        private static void connect(Model peer) {
            if (!peer.identity.equals(peer.met)) {
                peer.target = null;
            }
            peer.met = peer.identity;
            peer.link = Link.FOLLOWED;
        }

        private void announce(Model peer) {
            if (peer.link == Link.FOLLOWED) {
                catchUp.announced(peer.identity, peer.has);
                if (peer.target == null) {
                    peer.target = peer.has;
                }
            }
        }

        private void loseDisk(Model peer) {
            peer.leave(Link.TRYING, millis);
            peer.identity = new ReplicaId(peer.name, peer.identity.incarnation() + 1);
            peer.has = VersionVector.EMPTY;
        }

        private void apply(Model peer, int percent) {
            if (peer.link == Link.FOLLOWED) {
                peer.has.forEach((replica, counter) -> {
                    long more = (counter - clock.get(replica)) * percent / 100;
                    if (more > 0) {
                        clock = clock.with(replica, clock.get(replica) + more);
                    }
                });
            }
        }

        void look() {
            catchUp.look(
                    peers.stream()
                            .map(peer -> new Peer(peer.name + ":1", peer.met, peer.link))
                            .toList(),
                    clock,
                    millis);
            assertThat(catchUp.isDone() || !done).as("done stays done").isTrue();
            if (catchUp.isDone() && !done) {
                done = true;
                requirePromise();
            }
            CatchUp.Progress progress = catchUp.progress();
            assertThat(progress.percent()).isBetween(0, 100);
            assertThat(progress.updates()).isBetween(0L, progress.updatesTotal());
        }

        private void requirePromise() {
            for (Model peer : peers) {
                boolean counts = readyWhen == ReadyWhen.ALL_PEERS
                        || peer.link == Link.FOLLOWED
                        || (peer.target != null && millis - peer.absentSince < ABSENT_MAX);
                if (counts) {
                    VersionVector target = peer.target;
                    assertThat(target != null && clock.descends(target))
                            .as("has all of " + peer.name)
                            .isTrue();
                }
            }
        }

        /** Present peers are heard and read to their end; absent ones stay absent, unless all peers are required. */
        void settle() {
            if (readyWhen == ReadyWhen.ALL_PEERS) {
                peers.forEach(World::connect);
            }
            look();
            peers.forEach(this::announce);
            peers.forEach(peer -> apply(peer, 100));
            // Updates that only an absent peer had are lost, so the test drops them.
            millis += ABSENT_MAX;
            look();
            assertThat(done).as("done in the end").isTrue();
        }
    }
}
