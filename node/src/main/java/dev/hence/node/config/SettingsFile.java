package dev.hence.node.config;

import dev.hence.node.config.ConfigurationException.Problem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reader of configuration files with {@code key = value} lines: the format of Java properties, in UTF-8. */
final class SettingsFile {

    private SettingsFile() {}

    /**
     * The lines of a file, in order.
     *
     * @param origin where its path was given
     * @param problems receives the problems found
     */
    static Map<String, String> read(Path path, Origin origin, List<Problem> problems) {
        Map<String, String> lines = new LinkedHashMap<>();
        try (Reader reader = Files.newBufferedReader(path)) {
            new Properties() {
                private static final long serialVersionUID = 1L;

                // A duplicate key would silently win.
                @Override
                public synchronized Object put(Object key, Object value) {
                    if (lines.put(key.toString(), value.toString()) != null) {
                        problems.add(new Problem(
                                key.toString(), "given twice", new Origin.ConfigFile(path), "one line per setting"));
                    }
                    return value;
                }
            }.load(reader);
        } catch (NoSuchFileException missing) {
            problems.add(new Problem(Settings.CONFIG.key(), quoted(path), origin, "a file that exists"));
        } catch (IOException | IllegalArgumentException unreadable) {
            problems.add(new Problem(
                    Settings.CONFIG.key(),
                    quoted(path),
                    origin,
                    "a readable file of `key = value` lines in UTF-8; " + reason(unreadable)));
        }
        return lines;
    }

    private static String quoted(Path path) {
        return "\"" + path + "\"";
    }

    private static String reason(Exception failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
    }
}
