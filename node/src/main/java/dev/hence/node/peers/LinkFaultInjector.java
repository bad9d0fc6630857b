package dev.hence.node.peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The fault injection of a node that was started as a lab.
 *
 * <p>Thread-safe.
 */
final class LinkFaultInjector implements FaultInjector {

    /** The setting of a link. */
    record Setting(Mode mode, int delayMillis) {
        static final Setting OPEN = new Setting(Mode.OPEN, 0);
    }

    private final Supplier<Collection<PeerLink>> peers;

    LinkFaultInjector(Supplier<Collection<PeerLink>> peers) {
        this.peers = peers;
    }

    @Override
    public List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (PeerLink peer : peers.get()) {
            if (!peer.isSelf()) {
                links.add(link(peer));
            }
        }
        links.sort(Comparator.comparing(Link::from));
        return links;
    }

    @Override
    public Optional<Link> set(String from, Mode mode, int delayMillis) {
        // A node may be configured under several addresses.
        List<PeerLink> links = peers.get().stream()
                .filter(peer -> peer.name().equals(from) && !peer.isSelf())
                .toList();
        links.forEach(peer -> peer.set(new Setting(mode, mode == Mode.DELAY ? delayMillis : 0)));
        return links.stream().findFirst().map(LinkFaultInjector::link);
    }

    private static Link link(PeerLink peer) {
        Setting setting = peer.setting();
        return new Link(peer.name(), setting.mode(), setting.delayMillis(), peer.held());
    }
}
