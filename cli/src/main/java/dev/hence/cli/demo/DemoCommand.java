package dev.hence.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.cli.terminal.Style;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Tells the story to three nodes that it starts for the purpose, or to three that are already running. */
public final class DemoCommand implements Command {

    private static final String KEEP = "--keep";
    private static final String AGAINST = "--against";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "demo",
                "Starts three nodes, on ports 5001 to 5003 if they are free, with real storage in a temporary"
                        + " directory, and tells what causal consistency is: each step is done, shown and checked. The"
                        + " exit code is 0 only if every step held.");
        spec.addOption(Specs.flag(KEEP, "Leave the three nodes running, and say what to try with them."));
        spec.addOption(Specs.option(
                AGAINST,
                "URL,URL,URL",
                "Tell the story to these three nodes, which run with --lab, rather than start any. Nobody is killed"
                        + " then."));
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        boolean json = Specs.has(arguments, Specs.JSON);
        String against = Specs.value(arguments, AGAINST, "");
        if (!against.isEmpty() && Specs.has(arguments, KEEP)) {
            throw CommandFailure.usage(KEEP + ": given with " + AGAINST + " (expected: one of the two)");
        }
        try {
            return against.isEmpty()
                    ? tellToNewNodes(Specs.has(arguments, KEEP), json, console)
                    : tellToRunningNodes(Arrays.asList(against.split(",")), json, console);
        } catch (IOException failure) {
            throw new CommandFailure(ExitCode.FAILED, "demo", "demo: " + failure.getMessage(), failure);
        }
    }

    private static ExitCode tellToNewNodes(boolean keep, boolean json, Console console)
            throws IOException, CommandFailure, InterruptedException {
        DemoCluster cluster = DemoCluster.prepare();
        // Also on Ctrl-C nothing is left behind.
        Thread cleaner = new Thread(cluster::close, "demo-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        say("Starting three nodes; their data and logs are in " + cluster.directory(), json, console);
        cluster.start();
        List<Chapter> chapters = new ArrayList<>(Story.chapters());
        chapters.add(new KilledNode(cluster));
        Narrator narrator = new Narrator(console, json);
        Optional<StoryBrokenException> broken;
        try (Trio trio = Trio.of(cluster.urls(), "")) {
            introduce(trio, json, console);
            broken = new Story(chapters).tell(trio, narrator);
        }
        ObjectNode result = result(narrator, broken);
        if (broken.isPresent()) {
            cluster.stop();
            cluster.keep();
            ArrayNode logs = result.putArray("logs");
            cluster.logs().forEach(log -> logs.add(log.toString()));
        } else if (keep) {
            cluster.keep();
            ArrayNode urls = result.putArray("urls");
            cluster.urls().forEach(urls::add);
            ArrayNode pids = result.putArray("pids");
            cluster.pids().forEach(pids::add);
            result.put("directory", cluster.directory().toString());
        }
        conclude(result, broken, json, console);
        if (broken.isPresent()) {
            say("The logs of the nodes: " + shown(cluster.logs()), json, console);
        } else if (keep) {
            invite(cluster, json, console);
        }
        return broken.isPresent() ? ExitCode.FAILED : ExitCode.OK;
    }

    private static ExitCode tellToRunningNodes(List<String> urls, boolean json, Console console)
            throws CommandFailure, InterruptedException {
        byte[] random = new byte[3];
        new SecureRandom().nextBytes(random);
        Narrator narrator = new Narrator(console, json);
        Trio trio = Trio.of(urls, "-" + HexFormat.of().formatHex(random));
        Thread opener = new Thread(trio::close, "demo-link-opener");
        Runtime.getRuntime().addShutdownHook(opener);
        introduce(trio, json, console);
        Optional<StoryBrokenException> broken;
        try (trio) {
            broken = new Story(Story.chapters()).tell(trio, narrator);
        }
        conclude(result(narrator, broken), broken, json, console);
        return broken.isPresent() ? ExitCode.FAILED : ExitCode.OK;
    }

    private static void introduce(Trio trio, boolean json, Console console) {
        trio.nodes()
                .forEach(node ->
                        say("  " + console.styled(Style.BOLD, node.name()) + "   " + node.url(), json, console));
        String names = trio.nodes().stream().map(StoryNode::name).collect(Collectors.joining(", "));
        say(
                "On the right is the vector clock of the node: how many updates of " + names + " it has applied.",
                json,
                console);
    }

    private static ObjectNode result(Narrator narrator, Optional<StoryBrokenException> broken) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("held", broken.isEmpty());
        broken.ifPresent(why -> result.putObject("broken")
                .put("statement", why.statement())
                .put("expected", why.expected())
                .put("seen", why.seen()));
        result.set("chapters", narrator.chapters());
        return result;
    }

    private static void conclude(
            ObjectNode result, Optional<StoryBrokenException> broken, boolean json, Console console) {
        if (json) {
            console.line(result.toString());
        } else if (broken.isEmpty()) {
            console.line("");
            console.line(console.styled(Style.GOOD, "Every step held."));
        } else {
            console.complain("");
            console.complain("The story does not hold: " + broken.get().statement());
            console.complain("  expected  " + broken.get().expected());
            console.complain("  seen      " + broken.get().seen());
        }
    }

    private static void invite(DemoCluster cluster, boolean json, Console console) {
        List<String> urls = cluster.urls();
        List<String> pids = cluster.pids().stream().map(String::valueOf).toList();
        for (String line : List.of(
                "",
                "The nodes go on running. To try:",
                "  hence status " + String.join(" ", urls),
                "  hence client " + urls.get(0) + " write x hello",
                "  hence client " + urls.get(1) + " read x",
                "  hence client " + urls.get(2),
                "  curl -N '" + urls.get(2) + "/feed'",
                "  curl -X PUT -d '{\"mode\":\"hold\"}' " + urls.get(2) + "/lab/links/node1",
                "  hence demo --against " + String.join(",", urls),
                "To stop them and remove what they stored:",
                "  kill " + String.join(" ", pids) + "; rm -r " + cluster.directory())) {
            say(line, json, console);
        }
    }

    private static String shown(List<?> paths) {
        return paths.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    private static void say(String text, boolean json, Console console) {
        if (!json) {
            console.line(text);
        }
    }
}
