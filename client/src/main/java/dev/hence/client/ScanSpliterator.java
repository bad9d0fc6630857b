package dev.hence.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of a scan. A page is fetched when the previous one has been read. */
final class ScanSpliterator extends Spliterators.AbstractSpliterator<KeyValue> {

    private final Function<@Nullable String, ScanPage> pageAfter;
    private final Queue<KeyValue> unread = new ArrayDeque<>();
    private @Nullable String next;
    private boolean isLastPage;

    ScanSpliterator(Function<@Nullable String, ScanPage> pageAfter) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
        this.pageAfter = pageAfter;
    }

    @Override
    public boolean tryAdvance(Consumer<? super KeyValue> action) {
        while (unread.isEmpty() && !isLastPage) {
            ScanPage page = pageAfter.apply(next);
            unread.addAll(page.items());
            next = page.next().orElse(null);
            isLastPage = next == null;
        }
        KeyValue item = unread.poll();
        if (item == null) {
            return false;
        }
        action.accept(item);
        return true;
    }
}
