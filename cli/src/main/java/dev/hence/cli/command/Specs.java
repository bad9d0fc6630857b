package dev.hence.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Building blocks with which commands declare their arguments uniformly.
 *
 * <p>They are built by calls rather than found by reflection, which would be a good part of the time that
 * a command takes.
 */
public final class Specs {

    /** The option that every command takes for programs. */
    public static final String JSON = "--json";

    private Specs() {}

    /** A command with its help option. */
    public static CommandSpec command(String name, String... description) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage()
                .description(description)
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .footerHeading("%n")
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .width(100);
        spec.parser().caseInsensitiveEnumValuesAllowed(true);
        return spec;
    }

    /** Adds the help option, last. */
    public static CommandSpec withHelp(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    }

    /** An option that stands alone. */
    public static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    /** An option with a value. */
    public static OptionSpec option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** The option for programs. */
    public static OptionSpec json() {
        return flag(JSON, "Print JSON, one document per line, for programs.");
    }

    /** An argument that must be there, at a place. */
    public static PositionalParamSpec argument(int index, String label, String description) {
        return PositionalParamSpec.builder()
                .index(String.valueOf(index))
                .arity("1")
                .required(true)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** The arguments from a place on. */
    public static PositionalParamSpec arguments(int from, String arity, String label, String description) {
        return PositionalParamSpec.builder()
                .index(from + "..*")
                .arity(arity)
                .required(!arity.startsWith("0"))
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** Whether an option that stands alone was given. */
    public static boolean has(ParseResult arguments, String name) {
        return arguments.matchedOptionValue(name, false);
    }

    /** What was given for an option. */
    public static String value(ParseResult arguments, String name, String otherwise) {
        return arguments.matchedOptionValue(name, otherwise);
    }

    /** What was given for {@link #arguments}. */
    public static List<String> values(ParseResult arguments, int from) {
        List<String> values = arguments.matchedPositionalValue(from, List.of());
        return new ArrayList<>(values);
    }
}
