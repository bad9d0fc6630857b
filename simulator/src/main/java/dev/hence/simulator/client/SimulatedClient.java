package dev.hence.simulator.client;

import dev.hence.core.clock.VersionVector;
import dev.hence.simulator.node.Cluster;
import dev.hence.simulator.node.Edge;
import dev.hence.simulator.node.Machine;
import dev.hence.simulator.node.NodeProcess;
import dev.hence.simulator.node.Tracer;
import dev.hence.simulator.scenario.Step;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.trace.Request;
import dev.hence.simulator.world.Chance;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A client with one session, which it carries from node to node. When no answer comes, or the request is rejected, it
 * may retry at another node; it then writes other values, because the two attempts would be indistinguishable
 * otherwise.
 */
public final class SimulatedClient {
    private static final long TIMEOUT_MICROS = 2_000_000;
    private static final long HOP_MICROS_MAX = 1_000;

    private final Cluster cluster;
    private final int number;
    private final Chance chance;
    private final double repliesLost;
    private final Queue<Step.Ask> steps = new ArrayDeque<>();
    private VersionVector session = VersionVector.EMPTY;
    private boolean busy;

    public SimulatedClient(Cluster cluster, int number, Chance chance) {
        this.cluster = cluster;
        this.number = number;
        this.chance = chance;
        this.repliesLost = cluster.settings().repliesLost();
    }

    /** Runs this action when all earlier ones are done. */
    public void ask(Step.Ask step) {
        steps.add(step);
        next();
    }

    /** Ends when the present request is answered; later actions are skipped. */
    public void finish() {
        steps.clear();
    }

    /** Whether it is idle. */
    public boolean isIdle() {
        return !busy;
    }

    private void next() {
        Step.Ask step = busy ? null : steps.poll();
        if (step != null) {
            busy = true;
            new Attempt(step, 0).begin();
        }
    }

    /** One request to one node. */
    private final class Attempt {
        private final Step.Ask step;
        private final int attempt;
        private final Request request;
        private boolean over;

        Attempt(Step.Ask step, int attempt) {
            this.step = step;
            this.attempt = attempt;
            List<Command> writes = step.writes().stream()
                    .map(command -> command.again(attempt))
                    .toList();
            this.request = new Request(
                    cluster.tracer().nextRequest(),
                    number,
                    step.inSession() ? "c" + number : "",
                    (step.node() + attempt) % cluster.settings().nodes(),
                    step.reads(),
                    writes);
        }

        void begin() {
            Tracer tracer = cluster.tracer();
            tracer.tell(new Event.Asked(tracer.now(), request));
            hop(this::arrive);
            cluster.agenda().after(TIMEOUT_MICROS, () -> learn(new Outcome.Unknown()));
        }

        private void hop(Runnable arrival) {
            cluster.agenda().after(chance.between(20, HOP_MICROS_MAX), arrival);
        }

        private void arrive() {
            Machine machine = cluster.machine(request.node());
            NodeProcess process = machine.process();
            if (process != null) {
                process.edge().ask(request, step.inSession() ? session : VersionVector.EMPTY, this::answered);
            } else if (machine.isPowered()) {
                hop(() -> learn(new Outcome.Refused("connection refused")));
            }
        }

        private void answered(Edge.Reply reply) {
            if (reply instanceof Edge.Reply.Done && chance.happens(repliesLost)) {
                hop(() -> learn(new Outcome.Unknown()));
                return;
            }
            hop(() -> {
                switch (reply) {
                    case Edge.Reply.Done done -> done(done);
                    case Edge.Reply.Refused refused -> learn(new Outcome.Refused(refused.why()));
                    case Edge.Reply.Broken broken -> learn(new Outcome.Unknown());
                }
            });
        }

        private void done(Edge.Reply.Done done) {
            if (!over && step.inSession()) {
                session = session.join(done.clock());
            }
            learn(new Outcome.Done(
                    done.values(), done.update(), cluster.tracer().of(done.clock())));
        }

        private void learn(Outcome outcome) {
            if (over) {
                return;
            }
            over = true;
            Tracer tracer = cluster.tracer();
            tracer.tell(new Event.Answered(tracer.now(), request, outcome));
            if (!(outcome instanceof Outcome.Done) && attempt < step.retries()) {
                new Attempt(step, attempt + 1).begin();
            } else {
                busy = false;
                next();
            }
        }
    }
}
