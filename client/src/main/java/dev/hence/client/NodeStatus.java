package dev.hence.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a node and of the members it knows. Vector clocks count the applied updates of each node.
 *
 * @param nodeId the node's name
 * @param replica the name with its incarnation, as {@code node1~00c0ffee00c0ffee}
 * @param cluster the cluster's name
 * @param version the version of Hence it runs
 * @param fsync when its writes reach the disk: {@code always}, {@code everysec}, {@code never}
 * @param started when its process started, by its own clock
 * @param vectorClock what its readers see
 * @param durableClock what survives a power loss of it
 * @param keys how many keys hold something
 * @param ready whether clients should use it
 * @param issues what is wrong with it
 * @param members all members that it knows, itself included, in the order of names
 * @param follows the streams of updates that it reads
 * @param bufferedCount how many received updates wait for others
 * @param buffered some of these, at most 100
 * @param json the whole answer as the node wrote it, for what is not typed here
 */
public record NodeStatus(
        String nodeId,
        String replica,
        String cluster,
        String version,
        String fsync,
        Instant started,
        Map<String, Long> vectorClock,
        Map<String, Long> durableClock,
        long keys,
        boolean ready,
        List<Issue> issues,
        List<Member> members,
        List<Follow> follows,
        long bufferedCount,
        List<Buffered> buffered,
        String json) {

    /** Copies the lists; the maps are taken as they are. */
    public NodeStatus {
        issues = List.copyOf(issues);
        members = List.copyOf(members);
        follows = List.copyOf(follows);
        buffered = List.copyOf(buffered);
    }

    /**
     * A condition that the node's operators need to know of.
     *
     * @param code which one, for programs: {@code disk-full}
     * @param title which one, for people
     * @param detail what is wrong this time, and what is expected
     * @param unready whether clients should go to another node meanwhile
     */
    public record Issue(String code, String title, String detail, boolean unready) {}

    /**
     * A node of the cluster, as the answering node sees it.
     *
     * @param nodeId its name
     * @param replica the name with its incarnation; empty before it was heard of
     * @param address where it listens, if it is a configured peer
     * @param self whether it is the answering node
     * @param connected whether the answering node reads its feed now
     * @param state the same for people: {@code connected}, {@code connecting}, {@code refused: reason}
     * @param applied what it is known to have applied
     * @param durable what it is known to have stored safely
     * @param updatesBehind how many updates it has that the answering node has not
     * @param heardAgo how long ago it was heard of; empty if never
     */
    public record Member(
            String nodeId,
            Optional<String> replica,
            Optional<String> address,
            boolean self,
            boolean connected,
            String state,
            Map<String, Long> applied,
            Map<String, Long> durable,
            long updatesBehind,
            Optional<Duration> heardAgo) {}

    /**
     * A stream of one origin's updates.
     *
     * @param origin the replica whose updates these are
     * @param through the node that sends them
     * @param state what the stream is doing, for people
     * @param received how many updates came on it
     * @param lastCounter the counter of the last one, 0 for none
     */
    public record Follow(String origin, String through, String state, long received, long lastCounter) {}

    /**
     * A received update that waits for another.
     *
     * @param dot the update
     * @param waitingFor the update that it waits for
     * @param since since when, by the answering node's clock
     * @param keys the keys that it changes
     */
    public record Buffered(Dot dot, Dot waitingFor, Instant since, List<Bytes> keys) {

        /** Copies the list. */
        public Buffered {
            keys = List.copyOf(keys);
        }
    }
}
