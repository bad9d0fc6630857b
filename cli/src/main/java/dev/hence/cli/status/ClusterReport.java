package dev.hence.cli.status;

import dev.hence.cli.terminal.BytesText;
import dev.hence.cli.terminal.ClockText;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import dev.hence.cli.terminal.TextTable;
import dev.hence.cli.terminal.TextTable.Cell;
import dev.hence.client.NodeStatus;
import dev.hence.client.NodeStatus.Buffered;
import dev.hence.client.NodeStatus.Issue;
import dev.hence.client.NodeStatus.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The combined status of several nodes. */
public final class ClusterReport {

    private static final int BUFFERED_SHOWN_MAX = 10;

    private final List<NodeReport> nodes;

    public ClusterReport(List<NodeReport> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** A row a node, the names that the clocks count, and what is held back, waiting. */
    public List<String> lines(Console console) {
        TextTable table = new TextTable();
        table.row(Style.DIM, List.of("NODE", "URL", "CLOCK", "MEMBERS", "LAG", "WAITING", "KEYS", "FSYNC", "UP"));
        nodes.forEach(node -> table.row(row(node)));
        List<String> lines = new ArrayList<>(table.lines(console));
        TreeSet<String> names = new TreeSet<>(union().keySet());
        if (!names.isEmpty()) {
            lines.add(console.styled(Style.DIM, "clocks count the updates of " + String.join(", ", names)));
        }
        nodes.stream().map(NodeReport::status).filter(Objects::nonNull).forEach(status -> {
            status.issues().forEach(issue -> lines.add(issue(status, issue, console)));
            status.members().stream()
                    .filter(member -> !member.self() && !member.connected())
                    .forEach(member -> lines.add(disconnected(status, member, console)));
            status.buffered().stream()
                    .limit(BUFFERED_SHOWN_MAX)
                    .forEach(buffered -> lines.add(waiting(status, buffered, console)));
        });
        return lines;
    }

    /**
     * How many updates are known anywhere that the node has not applied: from the clocks of the nodes that
     * were asked, or, if that is more, from what the node heard of its members.
     */
    long lag(NodeStatus status) {
        Map<String, Long> own = ClockText.byNode(status.vectorClock());
        long toOthers = union().entrySet().stream()
                .mapToLong(entry -> Math.max(0, entry.getValue() - own.getOrDefault(entry.getKey(), 0L)))
                .sum();
        long heard =
                status.members().stream().mapToLong(Member::updatesBehind).max().orElse(0);
        return Math.max(toOthers, heard);
    }

    private List<Cell> row(NodeReport node) {
        NodeStatus status = node.status();
        if (status == null) {
            String why = node.failure() == null
                    ? ""
                    : node.failure().code() + ": " + node.failure().detail();
            return List.of(new Cell("?", Style.BAD), new Cell(node.url(), Style.PLAIN), new Cell(why, Style.BAD));
        }
        List<Member> others =
                status.members().stream().filter(member -> !member.self()).toList();
        long connected = others.stream().filter(Member::connected).count();
        long lag = lag(status);
        return List.of(
                new Cell(status.nodeId(), Style.BOLD),
                new Cell(node.url(), Style.PLAIN),
                new Cell(ClockText.list(status.vectorClock()), Style.CLOCK),
                new Cell(connected + "/" + others.size(), connected == others.size() ? Style.PLAIN : Style.BAD),
                new Cell(String.valueOf(lag), lag == 0 ? Style.PLAIN : Style.WAITING),
                new Cell(
                        String.valueOf(status.bufferedCount()),
                        status.bufferedCount() == 0 ? Style.PLAIN : Style.WAITING),
                new Cell(String.valueOf(status.keys()), Style.PLAIN),
                new Cell(status.fsync(), Style.PLAIN),
                new Cell(ago(status.started()), Style.PLAIN));
    }

    private static String issue(NodeStatus status, Issue issue, Console console) {
        Style style = issue.unready() ? Style.BAD : Style.WAITING;
        String verdict = status.nodeId() + (issue.unready() ? " is not ready: " : ": ") + issue.title() + ": ";
        return console.styled(style, verdict) + issue.detail();
    }

    private static String disconnected(NodeStatus status, Member member, Console console) {
        return console.styled(Style.BAD, status.nodeId() + " does not read from " + member.nodeId() + ": ")
                + member.state();
    }

    private static String waiting(NodeStatus status, Buffered buffered, Console console) {
        String keys = buffered.keys().stream().map(BytesText::shown).collect(Collectors.joining(", "));
        return console.styled(Style.WAITING, status.nodeId() + " buffers " + buffered.dot()) + " (" + keys + "), for "
                + ago(buffered.since()) + ": it waits for " + buffered.waitingFor();
    }

    private Map<String, Long> union() {
        Map<String, Long> union = new HashMap<>();
        nodes.stream()
                .map(NodeReport::status)
                .filter(Objects::nonNull)
                .forEach(status -> ClockText.byNode(status.vectorClock())
                        .forEach((name, counter) -> union.merge(name, counter, Math::max)));
        return union;
    }

    /** A time span in its two largest units. Clocks of machines differ, so what would be negative is none. */
    private static String ago(Instant instant) {
        Duration span = Duration.between(instant, Instant.now());
        if (span.toDays() > 0) {
            return span.toDays() + "d " + span.toHoursPart() + "h";
        }
        if (span.toHours() > 0) {
            return span.toHours() + "h " + span.toMinutesPart() + "m";
        }
        if (span.toMinutes() > 0) {
            return span.toMinutes() + "m " + span.toSecondsPart() + "s";
        }
        return Math.max(0, span.toSeconds()) + "s";
    }
}
