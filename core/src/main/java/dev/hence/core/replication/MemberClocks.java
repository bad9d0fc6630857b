package dev.hence.core.replication;

import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node knows of the other members' clocks, from the members themselves or from others.
 *
 * <p>The clocks of one incarnation only grow, so what is heard is joined to what was known, and news that
 * comes late or twice does no harm. A node is known by its name. When it comes back under a new incarnation
 * it may have lost all that it had, so its own word replaces what was known.
 *
 * <p>Others' words about another incarnation may be older or newer. An incarnation begins when the one before it has
 * ended, so if one of the two has applied an update of the other it is the newer one. Where neither has, the word is
 * passed over.
 *
 * <p>Not thread-safe.
 */
public final class MemberClocks {

    /**
     * One member's clocks.
     *
     * @param member its identity as last heard of
     * @param applied all that it is known to have applied
     * @param durable all that it is known to have stored safely
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

    /** Takes in what a member says of itself and of others. */
    public void observe(Heartbeat heartbeat) {
        heartbeat.others().forEach(other -> merge(other, false));
        merge(new Entry(heartbeat.from(), heartbeat.applied(), heartbeat.durable()), true);
    }

    private void merge(Entry news, boolean direct) {
        byName.merge(news.member().name(), news, (known, heard) -> known.heard(heard, direct));
    }

    /** What is known of all members but the one of a name. */
    public List<Entry> othersThan(String name) {
        return byName.values().stream()
                .filter(entry -> !entry.member().name().equals(name))
                .toList();
    }

    /** Everything known, in the order of names. */
    public List<Entry> entries() {
        return new ArrayList<>(byName.values());
    }
}
