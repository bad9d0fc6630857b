package dev.hence.redis.connection;

import dev.hence.node.memory.MemoryBudget;

/**
 * What the connections of a node may take of its memory. Each kind of use has a budget of its own, so that none keeps
 * another from going on.
 *
 * @param shared for large requests while they are received and run, and for replies until they are sent
 * @param unread for messages that subscribers have not read
 * @param behindWaits for what clients send behind commands that wait
 * @param requestBytesMax the words of one request together
 */
public record ConnectionMemory(
        MemoryBudget shared, UnreadMessages unread, RequestBudget behindWaits, int requestBytesMax) {

    /** The budgets of a node that has so much for large requests and replies. */
    public static ConnectionMemory of(MemoryBudget shared, int requestBytesMax) {
        return new ConnectionMemory(
                shared,
                new UnreadMessages(shared.bytesMax() / 2),
                new RequestBudget(shared.bytesMax() / 4),
                requestBytesMax);
    }
}
