package dev.hence.core.replication;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.update.Operation;
import dev.hence.core.update.Update;
import java.util.List;

/** Updates for tests in which only dots and contexts matter. */
final class Updates {

    private Updates() {}

    /** An update whose context contains only its origin's earlier updates. */
    static Update of(ReplicaId origin, long counter) {
        return of(origin, counter, VersionVector.EMPTY);
    }

    /** An update whose context also contains what its origin had seen of others. */
    static Update of(ReplicaId origin, long counter, VersionVector seen) {
        return Update.of(
                new Dot(origin, counter),
                seen.with(origin, counter - 1),
                counter,
                List.of(new Operation.SetString(Bytes.utf8("x"), Bytes.EMPTY)));
    }
}
