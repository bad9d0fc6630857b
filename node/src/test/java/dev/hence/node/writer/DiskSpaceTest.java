package dev.hence.node.writer;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.hence.node.store.Store;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When a disk counts as full. */
final class DiskSpaceTest {

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(logged);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(DiskSpace.class);
    }

    private static DiskSpace disk(long total, long usable) {
        return new DiskSpace(new Store(total, usable, null), Path.of("data"), 100);
    }

    @Test
    void refusal_moreThanTheLeastIsFree_isNone() {
        assertThat(disk(1_000, 100).refusal()).isEmpty();
    }

    @Test
    void refusal_lessThanTheLeastIsFree_saysHowMuchIs() {
        assertThat(disk(1_000, 99).refusal())
                .hasValueSatisfying(
                        refusal -> assertThat(refusal).hasMessageContaining("99 bytes free (expected: at least 100)"));
        assertThat(disk(1_000, 0).refusal()).isPresent();
    }

    @Test
    void refusal_fileSystemOfUnknownSize_isNoneAndSaidOnce() {
        DiskSpace unknown = disk(0, 0);
        unknown.look();
        unknown.look();
        assertThat(unknown.refusal()).isEmpty();
        assertThat(messages())
                .singleElement()
                .asString()
                .contains("data")
                .contains("unknown")
                .contains("0 blocks");
    }

    @Test
    void refusal_fileSystemThatCannotBeAsked_isNoneAndSaid() {
        DiskSpace failing = new DiskSpace(new Store(0, 0, new IOException("stale handle")), Path.of("data"), 100);
        assertThat(failing.refusal()).isEmpty();
        assertThat(messages()).singleElement().asString().contains("stale handle");
    }

    private List<String> messages() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** A file system that reports the values set by the test. */
    private static final class Store extends FileStore {
        private final long total;
        private final long usable;
        private final @Nullable IOException failure;

        Store(long total, long usable, @Nullable IOException failure) {
            this.total = total;
            this.usable = usable;
            this.failure = failure;
        }

        private long orFail(long bytes) throws IOException {
            if (failure != null) {
                throw failure;
            }
            return bytes;
        }

        @Override
        public String name() {
            return "store";
        }

        @Override
        public String type() {
            return "test";
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public long getTotalSpace() throws IOException {
            return orFail(total);
        }

        @Override
        public long getUsableSpace() throws IOException {
            return orFail(usable);
        }

        @Override
        public long getUnallocatedSpace() throws IOException {
            return orFail(usable);
        }

        @Override
        public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
            return false;
        }

        @Override
        public boolean supportsFileAttributeView(String name) {
            return false;
        }

        @Override
        public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
            return null;
        }

        @Override
        public Object getAttribute(String attribute) throws IOException {
            throw new UnsupportedOperationException(attribute);
        }
    }
}
