package dev.hence.server.replication;

import dev.hence.core.clock.ReplicaId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Troubles that last and are met again at every attempt: each is told in the log once, and again only when
 * it has become another.
 *
 * <p>Thread-safe. It remembers one trouble of each replica.
 */
final class Complaints {

    private final Logger log;
    private final Map<ReplicaId, String> told = new ConcurrentHashMap<>();

    Complaints(Logger log) {
        this.log = log;
    }

    void tell(ReplicaId about, String trouble) {
        if (!trouble.equals(told.put(about, trouble))) {
            log.error(trouble);
        }
    }
}
