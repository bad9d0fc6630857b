/**
 * The decisions of replication, without its sockets: whether a feed may be resumed and from where, what is sent and
 * accepted on it, which origin to follow through which peer, and what is known of the other members' clocks.
 *
 * <p>Every node publishes a feed of its updates and its peers follow it. A host opens the streams and moves the bytes;
 * the decisions whether it may and what to do next are made here, so that a simulated network can drive the same
 * decisions.
 *
 * <p>One feed has two sides, {@link dev.hence.core.replication.ServedFeed} and {@link
 * dev.hence.core.replication.FollowedFeed}; received updates go through an {@link dev.hence.core.replication.Intake}.
 * Between nodes, {@link dev.hence.core.replication.FollowedPeer} decides whether to follow a peer and when to retry it,
 * and {@link dev.hence.core.replication.Relays} what to follow through others. {@link
 * dev.hence.core.replication.CatchUp} decides when a started node has caught up with its peers, and {@link
 * dev.hence.core.replication.Strangers} which followers are not configured as its peers.
 *
 * <p>Start reading at {@link dev.hence.core.replication.FeedRequest} and {@link
 * dev.hence.core.replication.ServedFeed}.
 */
@NullMarked
package dev.hence.core.replication;

import org.jspecify.annotations.NullMarked;
