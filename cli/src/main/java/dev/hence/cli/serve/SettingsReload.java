package dev.hence.cli.serve;

import ch.qos.logback.classic.Level;
import dev.hence.node.config.ConfigurationException;
import dev.hence.node.config.EffectiveSettings;
import dev.hence.node.config.LogLevel;
import dev.hence.node.config.NodeSettings;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running node does on SIGHUP: it reads its settings again from the same places, takes over those that can
 * change while it runs, and says in one line which others need a restart. If anything in them is wrong, nothing
 * changes.
 *
 * <p>Thread-safe.
 */
final class SettingsReload {

    private static final Logger log = LoggerFactory.getLogger(SettingsReload.class);

    /** Reads the settings from flags, environment and file, as at the start. */
    @FunctionalInterface
    interface Source {
        NodeSettings read() throws ConfigurationException;
    }

    private final Source source;
    private final EffectiveSettings started;
    private final Consumer<LogLevel> logLevel;
    private LogLevel level;

    /** @param started the settings that the node runs with */
    SettingsReload(Source source, EffectiveSettings started) {
        this(source, started, SettingsReload::apply);
    }

    /** @param logLevel is told the level from which on to log, now and when it changes */
    SettingsReload(Source source, EffectiveSettings started, Consumer<LogLevel> logLevel) {
        this.source = source;
        this.started = started;
        this.logLevel = logLevel;
        this.level = started.get(Settings.LOG_LEVEL);
        logLevel.accept(level);
    }

    /** Reads the settings again; returns what came of it, as the log tells it. */
    synchronized String run() {
        try {
            String outcome = "SIGHUP: " + apply(source.read().effective());
            log.info(outcome);
            return outcome;
        } catch (ConfigurationException refused) {
            String problems = refused.problems().stream().map(String::valueOf).collect(Collectors.joining("; "));
            String outcome = "SIGHUP: invalid settings, nothing is changed: " + problems;
            log.error(outcome);
            return outcome;
        }
    }

    private String apply(EffectiveSettings now) {
        List<String> parts = new ArrayList<>();
        LogLevel wanted = now.get(Settings.LOG_LEVEL);
        if (wanted != level) {
            parts.add("log-level is now " + now.shown(Settings.LOG_LEVEL));
            level = wanted;
            logLevel.accept(wanted);
        }
        String restart = Settings.ALL.stream()
                .filter(setting -> !setting.equals(Settings.LOG_LEVEL) && changed(setting, now))
                .map(Setting::key)
                .collect(Collectors.joining(", "));
        if (!restart.isEmpty()) {
            parts.add("changes of " + restart + " need a restart");
        }
        return parts.isEmpty() ? "settings read again, nothing has changed" : String.join("; ", parts);
    }

    private boolean changed(Setting<?> setting, EffectiveSettings now) {
        return !Objects.equals(started.find(setting), now.find(setting));
    }

    /** Another logging library than the one that Hence ships is configured in its own way. */
    private static void apply(LogLevel level) {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (loggers.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) {
            root.setLevel(Level.toLevel(level.name()));
        }
    }
}
