package dev.hence.cli.serve;

import dev.hence.node.config.Setting;
import dev.hence.node.config.Setting.Section;
import dev.hence.node.config.Settings;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The settings of a node as options. They are all text here: what they mean is decided where variables and
 * the file are read too, so that everything that is wrong is said at once.
 */
final class SettingOptions {

    private SettingOptions() {}

    /** Adds an option for every setting, under the headings of their sections. */
    static void addTo(CommandSpec spec) {
        int order = 0;
        for (Section section : Section.values()) {
            ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                    .validate(false)
                    .exclusive(false)
                    .heading("%n" + section.title() + ":%n")
                    .order(order++);
            Settings.ALL.stream()
                    .filter(setting -> setting.section() == section)
                    .forEach(setting -> group.addArg(option(setting)));
            spec.addArgGroup(group.build());
        }
    }

    /** What was given, by key. */
    static Map<String, String> given(ParseResult arguments) {
        Map<String, String> flags = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            if (arguments.hasMatchedOption(setting.flag())) {
                flags.put(setting.key(), arguments.matchedOptionValue(setting.flag(), ""));
            }
        }
        return flags;
    }

    private static OptionSpec option(Setting<?> setting) {
        String text = setting.summary() + ". Default: " + setting.defaultSummary() + ". [" + setting.variable() + "]";
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .type(String.class)
                .paramLabel(setting.type().placeholder())
                .description(text.replace("%", "%%"));
        return setting.type().isSwitch()
                ? option.arity("0..1").fallbackValue("true").build()
                : option.arity("1").build();
    }
}
