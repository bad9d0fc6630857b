package dev.hence.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hence.cli.command.Command;
import dev.hence.cli.command.CommandFailure;
import dev.hence.cli.command.ExitCode;
import dev.hence.cli.command.Specs;
import dev.hence.cli.terminal.Console;
import dev.hence.node.config.ConfigurationException;
import dev.hence.node.config.EffectiveSettings;
import dev.hence.node.config.NodeSettings;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Runs a node until the process receives a termination signal. */
public final class ServeCommand implements Command {

    private final Map<String, String> environment;

    public ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Specs.command(
                "serve",
                "Runs a node until the process receives SIGTERM or Ctrl-C. The node then completes the requests in"
                        + " progress and exits with status 0; a second signal ends it at once. On SIGHUP it reads"
                        + " its settings again and applies the log level.",
                "",
                "Every setting can also be given by its environment variable or in a file. A flag overrides the"
                        + " variable, and the variable overrides the file.");
        SettingOptions.addTo(spec);
        return spec.addOption(Specs.json());
    }

    @Override
    public ExitCode run(ParseResult arguments, Console console) throws CommandFailure, InterruptedException {
        Map<String, String> flags = SettingOptions.given(arguments);
        NodeSettings settings = read(flags);
        boolean json = Specs.has(arguments, Specs.JSON);
        if (json) {
            console.line(json(settings.effective()).toString());
        } else {
            settings.effective().table().forEach(console::line);
        }
        SettingsReload reload = new SettingsReload(() -> NodeSettings.read(flags, environment), settings.effective());
        return NodeProcess.run(settings.config(), reload, json, console);
    }

    private NodeSettings read(Map<String, String> flags) throws CommandFailure {
        try {
            return NodeSettings.read(flags, environment);
        } catch (ConfigurationException refused) {
            String problems =
                    refused.problems().stream().map(problem -> "\n  " + problem).collect(Collectors.joining());
            throw new CommandFailure(ExitCode.USAGE, "configuration", "invalid configuration" + problems, refused);
        }
    }

    private static ObjectNode json(EffectiveSettings effective) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ObjectNode settings = document.putObject("settings");
        for (Setting<?> setting : Settings.ALL) {
            settings.putObject(setting.key())
                    .put("value", effective.shown(setting))
                    .put("from", effective.origin(setting).toString());
        }
        return document;
    }
}
