package dev.hence.node.store;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The readable form of clocks: by node name if the name has one incarnation in the clock, by name and the first digits
 * of the incarnation if it has several.
 */
public final class ReplicaNames {

    private static final int INCARNATION_DIGITS = 8;

    private ReplicaNames() {}

    /** The clock by name, with 0 for members without observed updates; ordered by name. */
    public static Map<String, Long> byName(VersionVector clock, Collection<String> members) {
        Map<String, List<ReplicaId>> incarnations = new TreeMap<>();
        members.forEach(member -> incarnations.put(member, new ArrayList<>()));
        clock.forEach((replica, counter) -> incarnations
                .computeIfAbsent(replica.name(), name -> new ArrayList<>())
                .add(replica));
        Map<String, Long> shown = new LinkedHashMap<>();
        incarnations.forEach((name, replicas) -> {
            if (replicas.size() < 2) {
                shown.put(name, replicas.isEmpty() ? 0 : clock.get(replicas.getFirst()));
            } else {
                replicas.forEach(replica -> shown.put(abbreviated(replica), clock.get(replica)));
            }
        });
        return shown;
    }

    /** The counters in the order of node names, with the incarnations of a name summed up. */
    public static List<Long> asList(VersionVector clock, Collection<String> members) {
        Map<String, Long> sums = new TreeMap<>();
        members.forEach(member -> sums.put(member, 0L));
        clock.forEach((replica, counter) -> sums.merge(replica.name(), counter, Long::sum));
        return List.copyOf(sums.values());
    }

    /** The form of a replica where its name alone is ambiguous: {@code node1~00c0ffee}. */
    public static String abbreviated(ReplicaId replica) {
        return replica.name() + "~" + replica.incarnationHex().substring(0, INCARNATION_DIGITS);
    }
}
