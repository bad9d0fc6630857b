package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clocks of the other members as known to a node, from themselves or from each other.
 *
 * <p>The clocks of one incarnation only grow, so a report is joined to what was known, and late or duplicate reports do
 * no harm. A node is identified by its name. When it returns under a new incarnation it may have lost everything, so
 * its own report replaces what was known.
 *
 * <p>Reports by others about another incarnation may be older or newer. An incarnation begins when the previous one has
 * ended, so if one of the two has applied an update of the other it is the newer one. If neither has, the report is
 * ignored.
 *
 * <p>Not thread-safe.
 */
public final class MemberClocks {

    /**
     * One member's clocks.
     *
     * @param member its last known identity
     * @param applied the updates that it is known to have applied
     * @param durable the updates that it is known to have stored durably
     */
    public record Entry(ReplicaId member, VersionVector applied, VersionVector durable) {
        private Entry heard(Entry news, boolean direct) {
            if (!news.member.equals(member)) {
                boolean older = applied.get(news.member) > 0;
                boolean newer = news.applied.get(member) > 0;
                return !older && (newer || direct) ? news : this;
            }
            return new Entry(member, applied.join(news.applied), durable.join(news.durable));
        }
    }

    private final Map<String, Entry> byName = new TreeMap<>();

    /** Records a member's report of itself and of others. */
    public void observe(Heartbeat heartbeat) {
        heartbeat.others().forEach(other -> merge(other, false));
        merge(new Entry(heartbeat.from(), heartbeat.applied(), heartbeat.durable()), true);
    }

    private void merge(Entry news, boolean direct) {
        byName.merge(news.member().name(), news, (known, heard) -> known.heard(heard, direct));
    }

    /** Returns what is known of all members except the named one. */
    public List<Entry> othersThan(String name) {
        return byName.values().stream()
                .filter(entry -> !entry.member().name().equals(name))
                .toList();
    }

    /** Returns everything known, in name order. */
    public List<Entry> entries() {
        return new ArrayList<>(byName.values());
    }
}
