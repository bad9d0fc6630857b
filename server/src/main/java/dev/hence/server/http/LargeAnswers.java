package dev.hence.server.http;

import dev.hence.server.http.exchange.Answer;
import dev.hence.server.http.exchange.ErrorCode;
import dev.hence.server.http.exchange.Exchange;
import dev.hence.server.http.exchange.HttpProblem;
import dev.hence.server.http.exchange.Route;
import dev.hence.server.memory.MemoryBudget;
import dev.hence.server.memory.MemoryHolder;

/**
 * Answers that take much memory: how large one is shows only when it is made. One that finds no room in the budget is
 * dropped, and made again when there is some; that is for reads. An answer to a write has the memory that its request
 * had, as that is not needed any more.
 */
final class LargeAnswers {

    private LargeAnswers() {}

    /**
     * Has a request answered.
     *
     * @param memory holds what the answer takes, until it is sent
     * @throws HttpProblem if there was no memory for too long
     */
    static Answer answer(Route route, Exchange exchange, MemoryHolder memory) throws Exception {
        Answer answer = route.handler().answer(exchange);
        long wanted = largeBytes(answer);
        if (route.method() != Route.Method.GET || memory.tryTake(wanted)) {
            return answer;
        }
        while (true) {
            // Not held while it waits.
            answer = null;
            // One that is larger than all there is gets all there is.
            long bytes = Math.min(wanted, memory.bytesMax());
            if (!memory.take(bytes - memory.heldBytes(), MemoryBudget.WAIT_MAX)) {
                throw refusal(wanted, memory);
            }
            answer = route.handler().answer(exchange);
            wanted = largeBytes(answer);
            if (memory.tryTake(Math.min(wanted, memory.bytesMax()) - memory.heldBytes())) {
                return answer;
            }
        }
    }

    private static HttpProblem refusal(long bytes, MemoryHolder memory) {
        return HttpProblem.tooLarge(
                        ErrorCode.TOO_MANY_LARGE_REQUESTS,
                        "answer: no memory for " + bytes + " bytes (expected: large requests and answers of at most "
                                + memory.bytesMax() + " bytes at a time)",
                        memory.bytesMax())
                .withHeader(HttpProblem.RETRY_AFTER);
    }

    /** The bytes of an answer that is to be held while it is sent; 0 for a small one, or one made on the way. */
    static long largeBytes(Answer answer) {
        return answer.content() instanceof Answer.Content.Whole whole
                        && whole.bytes().length() > MemoryBudget.SMALL_BYTES
                ? whole.bytes().length()
                : 0;
    }
}
