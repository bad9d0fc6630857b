/**
 * A cluster of real node processes, as a test drives it: started on free ports, killed, stopped, frozen, wiped,
 * started again, its links disturbed, and asked over HTTP.
 *
 * <p>It shares no code with the server or the Java client. Start reading at
 * {@link dev.hence.system.cluster.ClusterExtension}.
 */
@NullMarked
package dev.hence.system.cluster;

import org.jspecify.annotations.NullMarked;
