package dev.hence.node.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.node.config.PeerAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class FeedUrlTest {

    private static final FeedUrl.Lookup NEVER = host -> {
        throw new UnknownHostException(host);
    };

    @Test
    void of_hostNameOrAddress_isLeftAlone() throws Exception {
        assertThat(FeedUrl.of(new PeerAddress(null, "node-1.example", 5000), NEVER))
                .hasToString("http://node-1.example:5000/replication/feed");
        assertThat(FeedUrl.of(new PeerAddress(null, "::1", 5000), NEVER))
                .hasToString("http://[::1]:5000/replication/feed");
    }

    @Test
    void of_hostNameWithUnderscore_hasTheAddressInItsPlace() throws Exception {
        assertThat(FeedUrl.of(new PeerAddress(null, "node_1", 5000), host -> "10.0.0." + host.length()))
                .hasToString("http://10.0.0.6:5000/replication/feed");
        assertThat(FeedUrl.of(new PeerAddress(null, "node_1", 5000), host -> "fd00::1"))
                .hasToString("http://[fd00::1]:5000/replication/feed");
    }

    @Test
    void of_hostNameWithUnderscoreThatNobodyKnows_saysSo() {
        assertThatThrownBy(() -> FeedUrl.of(new PeerAddress(null, "node_1", 5000), NEVER))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("node_1");
    }
}
