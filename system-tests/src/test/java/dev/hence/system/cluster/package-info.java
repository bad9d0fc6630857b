/**
 * A cluster of real node processes, controlled by a test: started on free ports, killed, stopped, frozen, wiped,
 * restarted, its links disturbed, and queried over HTTP.
 *
 * <p>It shares no code with the server or the Java client. Start reading at
 * {@link dev.hence.system.cluster.ClusterExtension}.
 */
@NullMarked
package dev.hence.system.cluster;

import org.jspecify.annotations.NullMarked;
