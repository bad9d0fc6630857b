package dev.hence.simulator.world;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The network between machines. Each direction between two of them has a delay and can be cut; while it is cut,
 * messages wait, as in TCP buffers, and arrive after the link is restored unless the connection is closed by then.
 *
 * <p>Messages of one connection arrive in their order, those of different ones overtake each other.
 */
public final class Network {
    /**
     * The delays of messages.
     *
     * @param usualMicrosMax most messages take up to this
     * @param rareMicrosMax some take up to this
     * @param rare the share of these, from 0 to 1
     */
    public record Delays(long usualMicrosMax, long rareMicrosMax, double rare) {}

    /** One direction between two machines. */
    private static final class Direction {
        private final Queue<Runnable> held = new ArrayDeque<>();
        private int cuts;
        private int slowness = 1;
        private int slowed;
    }

    private final Agenda agenda;
    private final Delays delays;
    private final Direction[][] directions;
    private final boolean[] powered;
    private final Chance chance;
    private int connections;

    public Network(Agenda agenda, int machines, Delays delays, Chance chance) {
        this.agenda = agenda;
        this.delays = delays;
        this.chance = chance;
        this.directions = new Direction[machines][machines];
        this.powered = new boolean[machines];
        for (Direction[] row : directions) {
            for (int to = 0; to < machines; to++) {
                row[to] = new Direction();
            }
        }
    }

    /**
     * Opens a connection. The opener can use it at once and learns later whether it was accepted.
     *
     * @param acceptor receives the connection when it reaches the other machine; it accepts it by calling {@link
     *     Connection#handle}, otherwise the connection is refused
     */
    public <M> Connection<M> open(int from, int to, Acceptor<M> acceptor) {
        Connection<M> connection = new Connection<>(this, from, to, chance.of("connection", connections++));
        connection.begin(acceptor);
        return connection;
    }

    /** The acceptor of connections at a machine. */
    @FunctionalInterface
    public interface Acceptor<M> {
        void accept(Connection<M> connection);
    }

    /** Cuts one direction for a time; overlapping cuts end with the last. */
    public void cut(int from, int to, long micros) {
        Direction direction = directions[from][to];
        direction.cuts++;
        agenda.after(micros, () -> {
            direction.cuts--;
            release(direction);
        });
    }

    /** Makes one direction slower for a time; of several at a time the last one applies until it ends. */
    public void slow(int from, int to, int factor, long micros) {
        Direction direction = directions[from][to];
        int slowed = ++direction.slowed;
        direction.slowness = factor;
        agenda.after(micros, () -> {
            if (direction.slowed == slowed) {
                direction.slowness = 1;
            }
        });
    }

    private static void release(Direction direction) {
        while (direction.cuts == 0 && !direction.held.isEmpty()) {
            direction.held.remove().run();
        }
    }

    /** Whether a machine has power: one without power does not even refuse connections. */
    public void power(int machine, boolean on) {
        powered[machine] = on;
    }

    boolean isPowered(int machine) {
        return powered[machine];
    }

    long arrivalMicros(int from, int to, Chance luck) {
        long most = luck.happens(delays.rare()) ? delays.rareMicrosMax() : delays.usualMicrosMax();
        return agenda.nowMicros() + luck.between(20, most) * directions[from][to].slowness;
    }

    /** Runs an action at the far end of a direction, now or when it is no longer cut. */
    void carry(int from, int to, long atMicros, Runnable arrival) {
        agenda.at(atMicros, () -> {
            Direction direction = directions[from][to];
            if (direction.cuts > 0 || !direction.held.isEmpty()) {
                direction.held.add(arrival);
            } else {
                arrival.run();
            }
        });
    }
}
