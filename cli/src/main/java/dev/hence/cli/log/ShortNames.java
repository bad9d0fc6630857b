package dev.hence.cli.log;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.engine.log.LoggedFrame;
import dev.hence.node.store.ReplicaNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names of the replicas of one log: that of the node, with digits of the incarnation if the log has several. */
final class ShortNames {

    private final Map<String, Integer> incarnations = new HashMap<>();

    ShortNames(Collection<ReplicaId> replicas) {
        replicas.forEach(replica -> incarnations.merge(replica.name(), 1, Integer::sum));
    }

    String of(ReplicaId replica) {
        return incarnations.getOrDefault(replica.name(), 0) > 1 ? ReplicaNames.abbreviated(replica) : replica.name();
    }

    /** {@code node1:5}. */
    String of(Dot dot) {
        return of(dot.replica()) + ":" + dot.counter();
    }

    /** {@code node1:5}, or {@code node1:5..20} for several updates. */
    String dots(LoggedFrame frame) {
        Dot first = frame.first().dot();
        return of(first)
                + (frame.updates().size() == 1 ? "" : ".." + frame.last().counter());
    }

    /** The counters by name, in the order of names. */
    Map<String, Long> of(VersionVector clock) {
        Map<String, Long> counters = new LinkedHashMap<>();
        clock.replicas().stream().sorted().forEach(replica -> counters.put(of(replica), clock.get(replica)));
        return counters;
    }
}
