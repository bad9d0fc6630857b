package dev.hence.simulator.node;

import dev.hence.simulator.scenario.Settings;
import dev.hence.simulator.world.Agenda;
import dev.hence.simulator.world.Chance;
import dev.hence.simulator.world.Network;
import java.util.List;
import java.util.stream.IntStream;

/** The machines of a run and their shared state. */
public final class Cluster {
    private final Agenda agenda;
    private final Network network;
    private final Settings settings;
    private final Tracer tracer;
    private final List<Machine> machines;

    public Cluster(Settings settings, Agenda agenda, Tracer tracer, Chance chance) {
        this.agenda = agenda;
        this.settings = settings;
        this.tracer = tracer;
        this.network = new Network(agenda, settings.nodes(), settings.delays(), chance.of("network", 0));
        this.machines = IntStream.range(0, settings.nodes())
                .mapToObj(number -> new Machine(this, number, chance.of("machine", number)))
                .toList();
    }

    /** The machines, in the order of their numbers. */
    public List<Machine> machines() {
        return machines;
    }

    public Machine machine(int number) {
        return machines.get(number);
    }

    public Agenda agenda() {
        return agenda;
    }

    public Network network() {
        return network;
    }

    public Settings settings() {
        return settings;
    }

    public Tracer tracer() {
        return tracer;
    }
}
