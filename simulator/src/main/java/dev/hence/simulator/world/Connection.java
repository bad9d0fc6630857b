package dev.hence.simulator.world;

import org.jspecify.annotations.Nullable;

/**
 * A connection between two machines, like TCP: in each direction messages arrive in order or not at all. When one end
 * is closed the other learns of it after all earlier messages; when a machine loses power the other end learns nothing.
 *
 * @param <M> the messages
 */
public final class Connection<M> {
    /** The handler of one end of a connection. */
    public interface Handler<M> {
        void arrived(M message);

        /** The other end is closed or gone, or the connection was not accepted. */
        void ended();
    }

    private final class End {
        private final int machine;
        private @Nullable Handler<M> handler;
        private boolean open = true;
        private long lastArrivalMicros;

        End(int machine) {
            this.machine = machine;
        }
    }

    private final Network network;
    private final Chance chance;
    private final End opener;
    private final End acceptor;

    Connection(Network network, int from, int to, Chance chance) {
        this.network = network;
        this.chance = chance;
        this.opener = new End(from);
        this.acceptor = new End(to);
    }

    void begin(Network.Acceptor<M> accepting) {
        carry(opener, acceptor, () -> {
            if (acceptor.open && network.isPowered(acceptor.machine)) {
                accepting.accept(this);
            }
            if (acceptor.handler == null) {
                refuse(acceptor);
            }
        });
    }

    /** Sets the handler of the opening or the accepting end. */
    public void handle(boolean atOpener, Handler<M> handler) {
        (atOpener ? opener : acceptor).handler = handler;
    }

    /** Sends from one end to the other; does nothing if this end is closed. */
    public void send(boolean fromOpener, M message) {
        End from = fromOpener ? opener : acceptor;
        End to = fromOpener ? acceptor : opener;
        if (from.open) {
            carry(from, to, () -> arrive(to, message));
        }
    }

    private void arrive(End end, M message) {
        Handler<M> handler = end.handler;
        if (end.open && handler != null) {
            handler.arrived(message);
        } else {
            refuse(end);
        }
    }

    /** If the receiving end does not exist, the machine answers, if it has power. */
    private void refuse(End end) {
        end.open = false;
        if (network.isPowered(end.machine)) {
            tellEnded(end);
        }
    }

    /** Closes one end, cleanly or because its process died: the other end learns of it. */
    public void close(boolean atOpener) {
        End end = atOpener ? opener : acceptor;
        if (end.open) {
            end.open = false;
            tellEnded(end);
        }
    }

    /** Drops one end silently, because its machine lost power. */
    public void vanish(boolean atOpener) {
        (atOpener ? opener : acceptor).open = false;
    }

    private void tellEnded(End ended) {
        End other = ended == opener ? acceptor : opener;
        carry(ended, other, () -> {
            Handler<M> handler = other.handler;
            if (other.open) {
                other.open = false;
                if (handler != null) {
                    handler.ended();
                }
            }
        });
    }

    private void carry(End from, End to, Runnable arrival) {
        long at = Math.max(to.lastArrivalMicros, network.arrivalMicros(from.machine, to.machine, chance));
        to.lastArrivalMicros = at;
        network.carry(from.machine, to.machine, at, arrival);
    }
}
