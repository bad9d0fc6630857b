package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client knows of a request in the end. */
public sealed interface Outcome {
    /**
     * It was carried out.
     *
     * @param values what each key that was read had, in the order of the request
     * @param update the update that the writes became; null if they changed nothing, or there were none
     * @param clock the clock that came with the answer: the largest counter of each replica
     */
    record Done(List<Contents> values, @Nullable TracedUpdate update, Map<String, Long> clock) implements Outcome {}

    /** It was certainly not carried out. */
    record Refused(String why) implements Outcome {}

    /** It may have been carried out: the answer did not come. */
    record Unknown() implements Outcome {}
}
