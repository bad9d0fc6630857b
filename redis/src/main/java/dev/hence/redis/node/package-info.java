/**
 * What all connections of the Redis protocol at one node share: who listens to which channel, which requests were
 * answered already, which commands were slow, how often each was used, where scans go on, and what can be configured.
 *
 * <p>It knows no sessions and no commands; those use it. Start reading at {@link dev.hence.redis.node.SharedState}.
 */
@NullMarked
package dev.hence.redis.node;

import org.jspecify.annotations.NullMarked;
