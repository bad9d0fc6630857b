package dev.hence.simulator.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The final outcome of a request as known to its client. */
public sealed interface Outcome {
    /**
     * It was carried out.
     *
     * @param values the content of each key that was read, in the order of the request
     * @param update the update that the writes became; null if they changed nothing, or there were none
     * @param clock the clock in the answer: the largest counter of each replica
     */
    record Done(List<Contents> values, @Nullable TracedUpdate update, Map<String, Long> clock) implements Outcome {}

    /** It was certainly not executed. */
    record Refused(String why) implements Outcome {}

    /** It may have been executed: no answer arrived. */
    record Unknown() implements Outcome {}
}
