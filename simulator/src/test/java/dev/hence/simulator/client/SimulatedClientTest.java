package dev.hence.simulator.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.simulator.node.Cluster;
import dev.hence.simulator.node.Machine;
import dev.hence.simulator.node.NodeProcess;
import dev.hence.simulator.node.Tracer;
import dev.hence.simulator.scenario.FsyncPolicy;
import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.scenario.Step;
import dev.hence.simulator.trace.Command;
import dev.hence.simulator.trace.Contents;
import dev.hence.simulator.trace.Event;
import dev.hence.simulator.trace.Outcome;
import dev.hence.simulator.world.Agenda;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A client of two nodes that follow each other. */
final class SimulatedClientTest {
    private static final long SECOND = 1_000_000;

    private final Agenda agenda = new Agenda();
    private final List<Event.Answered> answers = new ArrayList<>();
    private final Tracer tracer = new Tracer(agenda, event -> {
        if (event instanceof Event.Answered answered) {
            answers.add(answered);
        }
    });

    private Cluster cluster(double repliesLost) {
        Settings settings = new Settings(
                List.of(FsyncPolicy.ALWAYS, FsyncPolicy.ALWAYS),
                List.of(List.of(1), List.of(0)),
                1,
                10,
                10,
                2,
                new Network.Delays(1_000, 1_000, 0),
                repliesLost,
                1_000);
        Cluster cluster = new Cluster(settings, agenda, tracer, new Chance(1));
        cluster.machines().forEach(Machine::start);
        return cluster;
    }

    private static SimulatedClient client(Cluster cluster) {
        return new SimulatedClient(cluster, 0, new Chance(2));
    }

    private static Step.Ask write(int id, int node, int retries) {
        return new Step.Ask(0, id, 0, true, node, List.of(), List.of(new Command.Set("x", "v" + id)), retries);
    }

    private static Step.Ask read(int id, int node) {
        return new Step.Ask(0, id, 0, true, node, List.of("x"), List.of(), 0);
    }

    private void pass(long micros) {
        agenda.runUntil(agenda.nowMicros() + micros);
    }

    @Test
    void ask_writeThenReadElsewhere_seesItInTheSession() {
        SimulatedClient client = client(cluster(0));
        client.ask(write(1, 0, 0));
        client.ask(read(2, 1));

        pass(SECOND);

        assertThat(client.isIdle()).isTrue();
        assertThat(answers).hasSize(2);
        assertThat(answers.getLast().outcome())
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        done -> assertThat(done.values().getFirst().shownElements())
                                .extracting(Contents.Element::value)
                                .containsExactly("v1"));
    }

    @Test
    void ask_processIsDown_triesTheNextNodeWithAnotherValue() {
        Cluster cluster = cluster(0);
        cluster.machine(0).kill(0, 10_000);
        client(cluster).ask(write(1, 0, 1));

        pass(SECOND);

        assertThat(answers)
                .extracting(Event.Answered::outcome)
                .hasExactlyElementsOfTypes(Outcome.Refused.class, Outcome.Done.class);
        assertThat(answers).extracting(answer -> answer.request().node()).containsExactly(0, 1);
        assertThat(answers)
                .extracting(answer -> answer.request().writes())
                .containsExactly(List.of(new Command.Set("x", "v1")), List.of(new Command.Set("x", "v1.1")));
    }

    @Test
    void ask_machineIsWithoutPower_doesNotKnowWhatBecameOfIt() {
        Cluster cluster = cluster(0);
        cluster.machine(0).losePower(0, 10_000);
        SimulatedClient client = client(cluster);
        client.ask(write(1, 0, 0));

        pass(SECOND);
        assertThat(answers).isEmpty();
        assertThat(client.isIdle()).isFalse();

        pass(2 * SECOND);
        assertThat(answers).extracting(Event.Answered::outcome).containsExactly(new Outcome.Unknown());
    }

    @Test
    void ask_answerIsLost_doesNotKnowAlthoughItWasDone() {
        Cluster cluster = cluster(1);
        SimulatedClient client = client(cluster);
        client.ask(write(1, 0, 0));

        pass(SECOND);

        assertThat(answers).extracting(Event.Answered::outcome).containsExactly(new Outcome.Unknown());
        NodeProcess process = Objects.requireNonNull(cluster.machine(0).process());
        assertThat(process.clock().size()).isEqualTo(1);
    }

    @Test
    void finish_whileAsking_leavesOutTheRest() {
        SimulatedClient client = client(cluster(0));
        client.ask(write(1, 0, 0));
        client.ask(write(2, 0, 0));
        client.finish();

        pass(SECOND);

        assertThat(answers).hasSize(1);
        assertThat(client.isIdle()).isTrue();
    }
}
