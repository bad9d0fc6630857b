/**
 * The state shared by all Redis protocol connections of one node: subscriptions, executed requests, slow commands,
 * usage counters, scan cursors, and configuration parameters.
 *
 * <p>It depends on neither sessions nor commands; those use it. Start reading at
 * {@link dev.hence.redis.node.SharedState}.
 */
@NullMarked
package dev.hence.redis.node;

import org.jspecify.annotations.NullMarked;
