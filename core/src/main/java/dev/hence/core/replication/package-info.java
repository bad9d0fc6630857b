/**
 * The decisions of replication, without its sockets: whether a feed may be resumed and from where, which
 * origins to follow through which peer, and what is known of the other members' clocks.
 *
 * <p>Every node publishes a feed of its updates and its peers follow it. A host opens the streams and
 * moves the bytes; whether it may, and what to open next, is decided here, so that a simulated network
 * can drive the same decisions.
 *
 * <p>Start reading at {@link dev.hence.core.replication.FeedRequest} and {@link
 * dev.hence.core.replication.FollowPlan}.
 */
@NullMarked
package dev.hence.core.replication;

import org.jspecify.annotations.NullMarked;
