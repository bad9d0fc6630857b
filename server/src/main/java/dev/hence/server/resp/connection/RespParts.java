package dev.hence.server.resp.connection;

import dev.hence.server.config.Limits;
import dev.hence.server.memory.MemoryBudget;
import dev.hence.server.resp.execution.Admission;
import dev.hence.server.resp.execution.KeyWaiters;
import dev.hence.server.resp.node.Commons;
import dev.hence.server.resp.protocol.RequestBudget;
import dev.hence.server.resp.session.Clients;
import dev.hence.server.runtime.Store;
import dev.hence.server.session.SessionTokens;
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
        Commons commons,
        Clients clients,
        Admission admission,
        KeyWaiters waiters,
        MemoryBudget memory,
        UnreadMessages unread,
        RequestBudget waitingBudget,
        Limits limits,
        @Nullable String password) {}
