package dev.hence.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The story as people see it, with what is said before and after; or as one line for programs. */
final class Performance {

    private final Console console;
    private final boolean json;
    private final Narrator narrator;

    Performance(Console console, boolean json) {
        this.console = console;
        this.json = json;
        this.narrator = new Narrator(console, json);
    }

    /** Says that nodes are being started, which takes a moment. */
    void announce(DemoCluster cluster) {
        say("Starting three nodes; their data and logs are in " + cluster.directory());
    }

    /** Introduces the nodes and tells the story. */
    Optional<StoryBrokenException> tell(Story story, Trio trio) throws InterruptedException {
        for (StoryNode node : trio.nodes()) {
            say("  " + console.styled(Style.BOLD, node.name()) + "   " + node.url());
        }
        String names = trio.nodes().stream().map(StoryNode::name).collect(Collectors.joining(", "));
        say("On the right is the node's vector clock: how many updates of " + names + " it has applied.");
        return story.tell(trio, narrator);
    }

    /** @param kept the cluster, if it goes on running */
    void concludeHeld(@Nullable DemoCluster kept) {
        say("");
        say(console.styled(Style.GOOD, "Every step succeeded."));
        ObjectNode result = result(true);
        if (kept != null) {
            invite(kept);
            ArrayNode urls = result.putArray("urls");
            kept.urls().forEach(urls::add);
            ArrayNode pids = result.putArray("pids");
            kept.pids().forEach(pids::add);
            result.put("directory", kept.directory().toString());
        }
        printJson(result);
    }

    void concludeBroken(StoryBrokenException broken, List<Path> logs) {
        console.complain("hence: a step of the demo failed: " + broken.statement());
        console.complain("  expected  " + broken.expected());
        console.complain("  seen      " + broken.seen());
        logs.forEach(log -> console.complain("  log       " + log));
        ObjectNode result = result(false);
        result.putObject("broken")
                .put("statement", broken.statement())
                .put("expected", broken.expected())
                .put("seen", broken.seen());
        ArrayNode paths = result.putArray("logs");
        logs.forEach(log -> paths.add(log.toString()));
        printJson(result);
    }

    private void invite(DemoCluster cluster) {
        List<String> urls = cluster.urls();
        List<String> pids = cluster.pids().stream().map(String::valueOf).toList();
        for (String line : List.of(
                "",
                "The nodes keep running. Try:",
                "  hence status " + String.join(" ", urls),
                "  hence client " + urls.get(0) + " write x hello",
                "  hence client " + urls.get(1) + " read x",
                "  hence client " + urls.get(2),
                "  redis-cli -p " + cluster.redisPorts().getFirst() + " HSET user:1 name Ada",
                "  redis-cli -p " + cluster.redisPorts().getLast() + " HGETALL user:1",
                "  curl -N '" + urls.get(2) + "/feed'",
                "  curl -X PUT -d '{\"mode\":\"hold\"}' " + urls.get(2) + "/lab/links/node1",
                "  hence demo --against " + String.join(",", urls),
                "To stop them and remove their data:",
                "  kill -9 " + String.join(" ", pids) + "; rm -r " + cluster.directory())) {
            say(line);
        }
    }

    private ObjectNode result(boolean held) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("held", held);
        result.set("chapters", narrator.chapters());
        return result;
    }

    private void printJson(ObjectNode result) {
        if (json) {
            console.line(result.toString());
        }
    }

    private void say(String text) {
        if (!json) {
            console.line(text);
        }
    }
}
