package dev.hence.redis.connection;

import java.time.Duration;

/**
 * How long the server of the Redis protocol waits for whom.
 *
 * @param idle for the next request of a client that has none under way; zero for ever
 * @param halfRequest for the rest of a request that has begun
 * @param unreadReply for a client that does not read what it is sent
 * @param look how often connections are looked at
 * @param closing for what is running when the node closes
 */
public record RespTiming(Duration idle, Duration halfRequest, Duration unreadReply, Duration look, Duration closing) {}
