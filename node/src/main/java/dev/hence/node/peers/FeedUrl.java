package dev.hence.node.peers;

import dev.hence.node.config.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/**
 * Where a peer serves its feed.
 *
 * <p>The host of a URL may not have an underscore, but names of containers often do: such a name is looked up
 * here, and the URL has the address in its place.
 */
final class FeedUrl {

    private static final String PATH = "/replication/feed";

    private FeedUrl() {}

    /** @throws IOException if the host's name has to be looked up, and is not known */
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

    /** Finds the address of a host. */
    @FunctionalInterface
    interface Lookup {
        String address(String host) throws IOException;
    }
}
