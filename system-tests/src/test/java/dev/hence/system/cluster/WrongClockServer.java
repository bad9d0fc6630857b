package dev.hence.system.cluster;

import dev.hence.node.config.ConfigurationException;
import dev.hence.node.config.NodeSettings;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import dev.hence.server.HenceServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A program that runs a node like {@code hence serve}, with the same flags, but with a wall clock that is ahead of the
 * machine's. Test machines have no other way to give one process its own clock.
 */
final class WrongClockServer {

    private WrongClockServer() {}

    /**
     * The arguments to start it with.
     *
     * @param serve the arguments of {@code hence}, {@code serve} included
     */
    static List<String> arguments(Duration ahead, List<String> serve) {
        List<String> arguments = new ArrayList<>(List.of(ahead.toString()));
        arguments.addAll(serve.subList(1, serve.size()));
        return arguments;
    }

    /** The first argument is how far the clock is ahead, the others are those of {@code hence serve}. */
    public static void main(String[] arguments) throws IOException, ConfigurationException {
        Duration ahead = Duration.parse(arguments[0]);
        Map<String, String> flags = flags(List.of(arguments).subList(1, arguments.length));
        InstantSource machine = InstantSource.system();
        InstantSource wrong = () -> machine.instant().plus(ahead);
        Instant started = wrong.instant();
        HenceServer server =
                HenceServer.start(NodeSettings.read(flags, System.getenv()).config(), wrong);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println(server.self() + " serves on port " + server.port() + "; its clock showed " + started);
        server.failure().join();
        server.close();
    }

    private static Map<String, String> flags(List<String> arguments) {
        Map<String, String> flags = new HashMap<>();
        Iterator<String> left = arguments.iterator();
        while (left.hasNext()) {
            String flag = left.next();
            Setting<?> setting = Settings.ALL.stream()
                    .filter(each -> each.flag().equals(flag))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(flag + ": unknown (expected: a setting)"));
            flags.put(setting.key(), setting.type().isSwitch() ? "true" : left.next());
        }
        return flags;
    }
}
