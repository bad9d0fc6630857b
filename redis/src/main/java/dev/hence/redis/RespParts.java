package dev.hence.redis;

import dev.hence.node.config.Limits;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.session.SessionTokens;
import dev.hence.node.store.Store;
import dev.hence.redis.connection.Clients;
import dev.hence.redis.connection.RequestBudget;
import dev.hence.redis.connection.UnreadMessages;
import dev.hence.redis.execution.Admission;
import dev.hence.redis.execution.KeyWaiters;
import dev.hence.redis.node.SharedState;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of a node share.
 *
 * @param memory for large requests while they are received and run, and for replies until they are sent
 * @param unread for messages that subscribers have not read
 * @param waitingBudget for what clients send behind commands that wait
 * @param password what clients have to prove themselves with; null if they need not
 */
record RespParts(
        Store store,
        SessionTokens tokens,
        SharedState commons,
        Clients clients,
        Admission admission,
        KeyWaiters waiters,
        MemoryBudget memory,
        UnreadMessages unread,
        RequestBudget waitingBudget,
        Limits limits,
        @Nullable String password) {}
