package dev.hence.simulator.node;

import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.keyspace.View;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.trace.TracedUpdate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The front end of a node. A request of a session waits until the node has everything that the session has seen; after
 * a timeout it is rejected.
 */
public final class Edge {
    private static final long SESSION_WAIT_MICROS = 500_000;

    /** A node's answer. */
    public sealed interface Reply {
        /** The request was executed. */
        record Done(List<Contents> values, @Nullable TracedUpdate update, VersionVector clock) implements Reply {}

        /** The request was not executed. */
        record Refused(String why) implements Reply {}

        /** The connection broke before there was an answer. */
        record Broken() implements Reply {}
    }

    /** An unanswered request. */
    private final class Pending {
        private final Request request;
        private final VersionVector session;
        private final Consumer<Reply> client;
        private boolean timedOut;
        private boolean served;

        Pending(Request request, VersionVector session, Consumer<Reply> client) {
            this.request = request;
            this.session = session;
            this.client = client;
        }

        void reply(Reply reply) {
            if (pending.remove(this)) {
                client.accept(reply);
                process.machine().effect();
            }
        }
    }

    private final NodeProcess process;
    private final Set<Pending> pending = new LinkedHashSet<>();

    Edge(NodeProcess process) {
        this.process = process;
    }

    /**
     * Accepts a request.
     *
     * @param session the clock that the client sends
     * @param client receives the answer, or a notice that there will be none; neither if the machine loses power
     */
    public void ask(Request request, VersionVector session, Consumer<Reply> client) {
        process.run(() -> {
            Pending asked = new Pending(request, session, client);
            pending.add(asked);
            if (process.isClosing() || process.machine().isKeptFromClients()) {
                asked.reply(new Reply.Refused("takes no requests now"));
                return;
            }
            process.later(SESSION_WAIT_MICROS, () -> {
                asked.timedOut = true;
                serveWhenThere(asked);
            });
            serveWhenThere(asked);
        });
    }

    private void serveWhenThere(Pending asked) {
        if (!pending.contains(asked) || asked.served) {
            return;
        }
        if (process.clock().descends(asked.session)) {
            serve(asked);
        } else if (asked.timedOut || process.isClosing()) {
            asked.reply(new Reply.Refused("has not seen what the session has"));
        } else {
            process.afterPublication(() -> serveWhenThere(asked));
        }
    }

    private void serve(Pending asked) {
        asked.served = true;
        if (asked.request.writes().isEmpty()) {
            read(asked);
        } else {
            write(asked);
        }
    }

    private void read(Pending asked) {
        Tracer tracer = process.tracer();
        View view =
                View.of(process.store().state(), process.machine().wallClock().millis());
        List<Contents> values = asked.request.reads().stream()
                .map(key -> tracer.of(view, Bytes.utf8(key)))
                .toList();
        process.whenReadIsPublished(() -> {
            tracer.tell(new Event.Served(tracer.now(), asked.request, values, view.nowMillis()));
            asked.reply(new Reply.Done(values, null, process.clock()));
        });
    }

    private void write(Pending asked) {
        if (process.clocks().refusesWrites()) {
            asked.reply(new Reply.Refused("its timestamps are too far ahead of the clocks of others"));
            return;
        }
        Tracer tracer = process.tracer();
        long wallMillis = process.machine().wallClock().millis();
        tracer.tell(new Event.Served(tracer.now(), asked.request, List.of(), wallMillis));
        process.writer()
                .write(
                        asked.request,
                        update -> asked.reply(
                                update == null && process.hasForked()
                                        ? new Reply.Refused("has forked and takes no writes")
                                        : new Reply.Done(
                                                List.of(),
                                                update == null ? null : tracer.of(update),
                                                process.clock())));
    }

    /** Waiting clients learn that there will be no answer, if the machine has power. */
    void gone(boolean powered) {
        for (Pending each : List.copyOf(pending)) {
            pending.remove(each);
            if (powered) {
                each.client.accept(new Reply.Broken());
            }
        }
    }
}
