package dev.hence.redis.connection;

import java.time.Duration;

/**
 * The timeouts of the Redis protocol server.
 *
 * @param idle for the next request of a client that has none in progress; zero for no limit
 * @param halfRequest for the rest of a request that has begun
 * @param unreadReply for a client that does not read its replies
 * @param look the interval at which connections are checked
 * @param closing for running commands when the node closes
 */
public record RespTiming(Duration idle, Duration halfRequest, Duration unreadReply, Duration look, Duration closing) {}
