package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;

/**
 * The memory budgets of a node's connections. Each kind of use has a budget of its own, so that no kind can block
 * another.
 *
 * @param shared for large requests while they are received and run, and for replies until they are sent
 * @param unread for messages that subscribers have not read
 * @param behindWaits for what clients send behind commands that wait
 * @param requestBytesMax maximum size of the words of one request together
 */
public record ConnectionMemory(
        MemoryBudget shared, UnreadMessages unread, RequestBudget behindWaits, int requestBytesMax) {

    /** The budgets of a node with this budget for large requests and replies. */
    public static ConnectionMemory of(MemoryBudget shared, int requestBytesMax) {
        return new ConnectionMemory(
                shared,
                new UnreadMessages(shared.bytesMax() / 2),
                new RequestBudget(shared.bytesMax() / 4),
                requestBytesMax);
    }
}
