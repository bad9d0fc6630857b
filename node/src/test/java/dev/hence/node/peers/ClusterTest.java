package dev.hence.node.peers;

import dev.hence.node.peers.Cluster.Member;
import dev.hence.property.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The base class of tests of nodes that replicate: a cluster with three members, which a test starts. */
@Timeout(value = Eventually.TEST_SECONDS_MAX, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClusterTest {

    @TempDir
    Path directory;

    Cluster cluster;
    Member a;
    Member b;
    Member c;

    @BeforeEach
    final void createCluster() throws IOException {
        cluster = new Cluster(directory);
        a = cluster.member("a");
        b = cluster.member("b");
        c = cluster.member("c");
    }

    @AfterEach
    final void closeCluster() {
        cluster.close();
    }
}
