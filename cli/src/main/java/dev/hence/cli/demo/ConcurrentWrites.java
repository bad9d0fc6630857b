package dev.hence.cli.demo;

import dev.hence.client.BatchResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Two nodes write one key concurrently; all nodes agree, and nothing is lost. */
public final class ConcurrentWrites implements Chapter {

    @Override
    public String title() {
        return "Concurrent writes: all nodes agree on one value and keep the other";
    }

    @Override
    public void tell(Trio trio, Narrator narrator) throws IOException, InterruptedException {
        trio.settle(narrator);
        StoryNode first = trio.first();
        StoryNode second = trio.second();
        String colour = trio.key("colour");

        trio.hold(first, second);
        trio.hold(second, first);
        narrator.tell("the links between " + first.name() + " and " + second.name() + " are held in both directions");
        BatchResult red = new Visitor().write(first, colour, "red");
        narrator.tell(first, "writes " + colour + " = red", red.vectorClock());
        BatchResult blue = new Visitor().write(second, colour, "blue");
        narrator.tell(second, "writes " + colour + " = blue", blue.vectorClock());
        narrator.check(
                "each shows its own value: neither had seen the other",
                List.of(List.of("red"), List.of("blue")),
                List.of(first.values(colour), second.values(colour)));

        trio.open(first, second);
        trio.open(second, first);
        narrator.tell("the links are open again");
        List<StoryNode> nodes = trio.nodes();
        for (StoryNode node : nodes) {
            narrator.await(() -> node.values(colour), values -> values.size() == 2);
            narrator.tell(node, "shows " + shown(node.values(colour)), node.clock());
        }
        List<String> values = first.values(colour);
        narrator.check(
                "all three show the same value and keep the other",
                List.of(values, values, values),
                nodes.stream().map(node -> node.values(colour)).toList());
        narrator.check("nothing was lost", Set.of("red", "blue"), new TreeSet<>(values));

        resolve(trio, colour, narrator);
    }

    private static void resolve(Trio trio, String colour, Narrator narrator) throws InterruptedException {
        Visitor painter = new Visitor();
        painter.read(trio.third(), colour);
        Map<String, Long> clock = painter.write(trio.third(), colour, "purple").vectorClock();
        narrator.tell(trio.third(), "writes " + colour + " = purple, having seen both", clock);
        narrator.checkSoon(
                "purple replaces both at all nodes",
                List.of(List.of("purple"), List.of("purple"), List.of("purple")),
                () -> trio.nodes().stream().map(node -> node.values(colour)).toList());
    }

    private static String shown(List<String> values) {
        return values.size() < 2
                ? values.toString()
                : values.getFirst() + "; concurrently written: " + String.join(", ", values.subList(1, values.size()));
    }
}
