package dev.hence.redis.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.redis.execution.Action;
import dev.hence.redis.execution.Command;
import dev.hence.redis.execution.Group;
import dev.hence.redis.execution.Multi;
import dev.hence.redis.node.RequestWindow;
import dev.hence.redis.node.Subscribers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/redis-commands.md} to the table of commands. To regenerate the page:
 *
 * <pre>./mvnw -q -pl redis -am test -Dtest=RedisCommandsPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhence.docs.write=true</pre>
 */
final class RedisCommandsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "redis-commands.md");

    @Test
    void page_fromTheTable_isWhatIsCommitted() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("hence.docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/redis-commands.md is not what the commands say; regenerate it with -Dhence.docs.write=true")
                .isEqualTo(expected);
    }

    @Test
    void commands_thatWrite_sayWhatComesOfConcurrentUse() {
        List<String> silent = all().stream()
                .filter(command -> command.isWrite() || command.action() instanceof Action.Prepared)
                .filter(command -> command.concurrently().isBlank())
                .map(Command::name)
                .toList();

        assertThat(silent).isEmpty();
    }

    @Test
    void commands_all_areDescribedInSentences() {
        List<String> unfinished = all().stream()
                .filter(command -> !command.summary().endsWith(".")
                        || !(command.concurrently().isEmpty()
                                || command.concurrently().endsWith(".")))
                .map(Command::name)
                .toList();

        assertThat(unfinished).isEmpty();
    }

    private static Collection<Command> all() {
        return AllCommands.table().all();
    }

    private static String page() {
        return introduction()
                + Arrays.stream(Group.values())
                        .filter(group -> group != Group.UNSUPPORTED)
                        .map(RedisCommandsPageTest::section)
                        .collect(Collectors.joining())
                + "\n## " + Group.UNSUPPORTED.title() + "\n\n"
                + "Each of these returns an error that says why.\n\n"
                + UnsupportedCommands.ALL.stream()
                        .map(RedisCommandsPageTest::missing)
                        .collect(Collectors.joining());
    }

    /** The handwritten part, with the actual bounds filled in. */
    private static String introduction() {
        try (var in = RedisCommandsPageTest.class.getResourceAsStream("/dev/hence/redis/redis-commands.md")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{once.requests}", String.format(Locale.ROOT, "%,d", RequestWindow.REQUESTS_MAX))
                    .replace("{once.mebibytes}", Long.toString(RequestWindow.BYTES_MAX >> 20))
                    .replace("{once.minutes}", Long.toString(RequestWindow.AGE_MAX.toMinutes()))
                    .replace("{once.updates}", String.format(Locale.ROOT, "%,d", RequestWindow.UPDATES_RECOVERED_MAX))
                    .replace("{subscriptions}", String.format(Locale.ROOT, "%,d", Subscribers.SUBSCRIPTIONS_MAX))
                    .replace("{names.mebibytes}", Long.toString(Subscribers.NAMES_BYTES_MAX >> 20))
                    .replace("{pattern.bytes}", Integer.toString(PubSubCommands.PATTERN_BYTES_MAX))
                    .replace("{watched}", String.format(Locale.ROOT, "%,d", Multi.WATCHED_MAX));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String section(Group group) {
        String commands = all().stream()
                .filter(command -> command.group() == group)
                .map(RedisCommandsPageTest::entry)
                .collect(Collectors.joining("\n"));
        return commands.isEmpty() ? "" : "\n## " + group.title() + "\n\n" + commands;
    }

    private static String entry(Command command) {
        String syntax = command.syntax().isEmpty() ? command.name() : command.name() + " " + command.syntax();
        String concurrently = command.concurrently();
        return "**`" + syntax + "`**  \n" + command.summary()
                + (concurrently.isEmpty() ? "" : "  \n*Concurrently:* " + concurrently)
                + "\n";
    }

    private static String missing(UnsupportedCommands.Missing missing) {
        String names = missing.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return "- **" + missing.what() + "** (" + names + "). " + missing.reason() + ".\n";
    }
}
