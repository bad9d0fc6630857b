package dev.hence.cli.demo;

import dev.hence.client.BatchResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A node is killed, misses writes, comes back, and has lost nothing. */
public final class KilledNode implements Chapter {

    private static final int WRITES_MISSED = 10;

    private final Power power;

    /** What can be done to the third node from outside. */
    public interface Power {

        /** Ends the process without warning, as SIGKILL does. */
        void kill(StoryNode node) throws IOException, InterruptedException;

        /** Starts it again with its data and at its address; returns at once. */
        void start(StoryNode node) throws IOException;
    }

    public KilledNode(Power power) {
        this.power = power;
    }

    @Override
    public String title() {
        return "A killed node comes back with all its data and catches up";
    }

    @Override
    public void tell(Trio trio, Narrator narrator) throws IOException, InterruptedException {
        trio.settle(narrator);
        StoryNode third = trio.third();
        String diary = trio.key("diary");
        String news = trio.key("news");

        BatchResult written = new Visitor().write(third, diary, "still here");
        narrator.tell(third, "writes " + diary + " = still here, and acknowledges it", written.vectorClock());
        power.kill(third);
        narrator.tell(third.name() + " is killed immediately (kill -9)");

        Visitor reporter = new Visitor();
        for (int count = 1; count <= WRITES_MISSED; count++) {
            StoryNode node = trio.nodes().get(count % 2);
            written = reporter.write(node, news, "edition " + count);
        }
        narrator.tell(
                trio.first(),
                "and " + trio.second().name() + " take " + WRITES_MISSED + " writes, one after the other",
                written.vectorClock());

        power.start(third);
        narrator.await(third::clock, clock -> true);
        narrator.tell(third, "is restarted", third.clock());
        narrator.check(
                "a session that saw the last edition elsewhere reads it at " + third.name(),
                "edition " + WRITES_MISSED,
                reporter.read(third, news).orElse("nothing"));
        narrator.check(
                "what it acknowledged is still there",
                "still here",
                third.value(diary).orElse("nothing"));

        Map<String, Long> clock = trio.settle(narrator).clock();
        for (StoryNode node : trio.nodes()) {
            narrator.tell(node, "has caught up with the others", node.clock());
        }
        narrator.check(
                "all three show the same",
                List.of(clock, clock, clock),
                trio.nodes().stream().map(StoryNode::clock).toList());
    }
}
