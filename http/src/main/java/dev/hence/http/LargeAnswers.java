package dev.hence.http;

import dev.hence.engine.storage.LargeRows;
import dev.hence.engine.storage.NoRoomException;
import dev.hence.http.exchange.Answer;
import dev.hence.http.exchange.ErrorCode;
import dev.hence.http.exchange.Exchange;
import dev.hence.http.exchange.HttpProblem;
import dev.hence.http.exchange.Route;
import dev.hence.node.memory.MemoryBudget;
import dev.hence.node.memory.MemoryHolder;

/**
 * Responses that need much memory. A read takes the memory of a large row before it reads it, where its size is known
 * ({@link LargeRows}); how large its answer is shows when it is made. One that finds no room in the budget is dropped,
 * and made again when there is some; that is for reads. An answer to a write has the memory that its request had, as
 * that is not needed any more.
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
        if (route.method() != Route.Method.GET) {
            return route.handler().answer(exchange);
        }
        while (true) {
            long wanted;
            try {
                Answer answer = read(route, exchange, memory);
                wanted = largeBytes(answer);
                if (hold(wanted, memory)) {
                    memory.giveBack(memory.heldBytes() - wanted);
                    return answer;
                }
            } catch (NoRoomException beforeReading) {
                wanted = beforeReading.wantedBytes();
            }
            // The answer is not held while it waits.
            if (!memory.take(atMost(wanted, memory) - memory.heldBytes(), MemoryBudget.WAIT_MAX)) {
                throw refusal(wanted, memory);
            }
        }
    }

    private static Answer read(Route route, Exchange exchange, MemoryHolder memory) throws Exception {
        long[] rowBytes = {0};
        LargeRows.Buyer buyer = bytes -> {
            rowBytes[0] += bytes;
            if (!hold(rowBytes[0], memory)) {
                throw new NoRoomException(rowBytes[0]);
            }
        };
        return ScopedValue.where(LargeRows.BUYER, buyer)
                .call(() -> route.handler().answer(exchange));
    }

    /** Takes the memory that is missing up to this size, if it is available. */
    private static boolean hold(long bytes, MemoryHolder memory) {
        return memory.tryTake(atMost(bytes, memory) - memory.heldBytes());
    }

    /** One that is larger than all there is gets all there is. */
    private static long atMost(long bytes, MemoryHolder memory) {
        return Math.min(bytes, memory.bytesMax());
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
