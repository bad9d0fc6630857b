package dev.hence.node.config;

import dev.hence.core.clock.ReplicaId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parser of peer lists: {@code node2:5000,node3=10.0.0.3:5000,[::1]:5001}. */
final class PeerAddressParser {

    /** The default port of a peer. */
    static final int PORT_DEFAULT = 5000;

    static final String EXPECTED = "host:port or name=host:port, separated by commas, each once";

    private static final Pattern PEER = Pattern.compile(
            "(?:(?<name>[^=]*)=)?(?:\\[(?<six>[0-9A-Fa-f:.%]+)]|(?<host>[^\\s:/\\[\\]=]+))(?::(?<port>\\d+))?");

    private PeerAddressParser() {}

    /** @throws IllegalArgumentException whose message says what was expected */
    static List<PeerAddress> parseList(String text) {
        List<PeerAddress> peers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            PeerAddress peer = parse(part.strip());
            boolean fresh = seen.add(peer.authority()) && (peer.name() == null || seen.add(peer.name() + "="));
            peers.add(ValueTypes.require(fresh, peer, EXPECTED + "; \"" + peer + "\" repeats another"));
        }
        return List.copyOf(peers);
    }

    private static PeerAddress parse(String text) {
        Matcher matcher = PEER.matcher(text);
        if (!matcher.matches()) {
            throw refusal(text, "does not have that form");
        }
        @Nullable String name = matcher.group("name");
        if (name != null && !ReplicaId.isName(name)) {
            throw refusal(text, "has an invalid node name");
        }
        @Nullable String six = matcher.group("six");
        @Nullable String port = matcher.group("port");
        String portExpected = EXPECTED + "; the port of \"" + text + "\" is not in the range 1 to 65535";
        return new PeerAddress(
                name,
                six != null ? six : matcher.group("host"),
                port == null ? PORT_DEFAULT : (int) ValueTypes.number(port, 1, 65_535, portExpected));
    }

    private static IllegalArgumentException refusal(String text, String why) {
        return new IllegalArgumentException(EXPECTED + "; \"" + text + "\" " + why);
    }
}
