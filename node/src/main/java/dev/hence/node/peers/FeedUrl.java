package dev.hence.node.peers;

import dev.hence.node.config.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/**
 * The URL of a peer's feed.
 *
 * <p>The host of a URL may not contain an underscore, but container names often do. Such a name is resolved here, and
 * the URL contains the address instead.
 */
final class FeedUrl {

    private static final String PATH = "/replication/feed";

    private FeedUrl() {}

    /** @throws IOException if the host's name must be resolved, and is unknown */
    static URI of(PeerAddress peer) throws IOException {
        return of(peer, host -> InetAddress.getByName(host).getHostAddress());
    }

    static URI of(PeerAddress peer, Lookup lookup) throws IOException {
        URI url = URI.create("http://" + peer.authority() + PATH);
        return url.getHost() != null
                ? url
                : URI.create("http://"
                        + new PeerAddress(peer.name(), lookup.address(peer.host()), peer.port()).authority()
                        + PATH);
    }

    /** Resolves a host name. */
    @FunctionalInterface
    interface Lookup {
        String address(String host) throws IOException;
    }
}
