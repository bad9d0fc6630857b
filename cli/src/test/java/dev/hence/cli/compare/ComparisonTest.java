package dev.hence.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.cli.compare.FingerprintCursor.Pages;
import dev.hence.client.Bytes;
import dev.hence.client.FingerprintPage;
import dev.hence.client.KeyFingerprint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void of_sameKeysInOtherPages_noDifference() {
        Comparison comparison = compare(pages(1, key("a"), key("b"), key("c")), pages(2, key("a"), key("b"), key("c")));

        assertThat(comparison.keys()).isEqualTo(3);
        assertThat(comparison.different()).isZero();
    }

    @Test
    void of_keyAbsentAtOneNode_different() {
        Comparison comparison = compare(pages(1, key("a"), key("b")), pages(1, key("b")));

        assertThat(comparison.different()).isEqualTo(1);
        assertThat(comparison.some().getFirst().key()).isEqualTo(Bytes.utf8("a"));
    }

    @Test
    void of_keyThatExpiredBetweenTheReads_isNoDifference() {
        Comparison comparison = compare(pages(1, expiring("a", NOW.minusMillis(5)), key("b")), pages(1, key("b")));

        assertThat(comparison.different()).isZero();
        assertThat(comparison.expired()).isEqualTo(1);
        assertThat(comparison.keys()).isEqualTo(2);
    }

    @Test
    void of_keyWithADeadlineFarAhead_absentAtOneNode_different() {
        Instant later = NOW.plus(Comparison.EXPIRY_MARGIN).plus(Duration.ofSeconds(1));

        assertThat(compare(pages(1, expiring("a", later)), pages(1)).different())
                .isEqualTo(1);
    }

    @Test
    void of_deadlinesThatDiffer_different() {
        Comparison comparison = compare(pages(1, expiring("a", NOW)), pages(1, expiring("a", NOW.plusSeconds(1))));

        assertThat(comparison.different()).isEqualTo(1);
        assertThat(comparison.expired()).isZero();
    }

    @Test
    void of_twoNodes_readAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        Pages meeting = after -> {
            both.countDown();
            try {
                // Would never return if one node were read after the other.
                assertThat(both.await(2, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return new FingerprintPage(List.of(), Optional.empty(), Map.of());
        };

        assertThat(compare(meeting, meeting).keys()).isZero();
    }

    @Test
    void of_nodeThatFails_itsFailure() {
        IllegalStateException gone = new IllegalStateException("gone");

        assertThatThrownBy(() -> compare(pages(1, key("a")), after -> {
                    throw gone;
                }))
                .isSameAs(gone);
    }

    private static Comparison compare(Pages... nodes) {
        return Comparison.of(List.of(nodes), InstantSource.fixed(NOW));
    }

    /** A node that has these keys, in pages of the given size. */
    private static Pages pages(int size, KeyFingerprint... keys) {
        return after -> {
            int from = after == null ? 0 : Integer.parseInt(after);
            int to = Math.min(from + size, keys.length);
            return new FingerprintPage(List.of(keys).subList(from, to), next(to, keys.length), Map.of());
        };
    }

    private static Optional<String> next(int to, int length) {
        return to < length ? Optional.of(String.valueOf(to)) : Optional.empty();
    }

    private static KeyFingerprint key(String key) {
        return fingerprint(key, null);
    }

    private static KeyFingerprint expiring(String key, Instant deadline) {
        return fingerprint(key, deadline);
    }

    private static KeyFingerprint fingerprint(String key, @Nullable Instant deadline) {
        return new KeyFingerprint(Bytes.utf8(key), "string", 1, Optional.ofNullable(deadline), "f" + key + deadline);
    }
}
