package dev.hence.node.config;

import org.jspecify.annotations.Nullable;

/**
 * The address of a peer.
 *
 * @param name its node name, if it was given as {@code name=host:port}; otherwise it is learned from the peer itself
 * @param host a host name or an address, an IPv6 one without brackets
 * @param port 1 to 65535
 */
public record PeerAddress(@Nullable String name, String host, int port) {

    /** {@code host:port}, with brackets around an IPv6 address: for URLs and messages. */
    public String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** In the form given: {@code name=host:port}, or without a name. */
    @Override
    public String toString() {
        return name == null ? authority() : name + "=" + authority();
    }
}
