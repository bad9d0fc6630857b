package dev.hence.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hence.core.clock.Dot;
import dev.hence.core.clock.ReplicaId;
import dev.hence.core.clock.VersionVector;
import dev.hence.core.crdt.Bytes;
import dev.hence.core.node.LogPosition;
import dev.hence.core.replica.CommitBatch;
import dev.hence.core.replica.Identity;
import dev.hence.core.update.Update;
import dev.hence.engine.codec.FrameDecoder;
import dev.hence.engine.storage.DeletedUpdatesException;
import dev.hence.simulator.check.Violation;
import dev.hence.simulator.world.Agenda;
import dev.hence.simulator.world.Chance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DiskTest {
    private static final ReplicaId SELF = new ReplicaId("node1", 1);
    private static final long BOOT = 0;

    private final Tracer tracer = new Tracer(new Agenda(), event -> {});
    private final Disk disk = new Disk(new Chance(1), tracer);
    private final Batches node = new Batches(SELF, tracer);

    private static Disk.Note note(long storage) {
        return new Disk.Note(Identity.of(SELF), storage, BOOT, false, false);
    }

    private Store opened() {
        Store store = disk.open(BOOT);
        disk.note(note(disk.storage()));
        return store;
    }

    private static List<Update> write(Store store, Batches from, int batches) {
        List<Update> written = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            CommitBatch batch = from.next("x", "y");
            store.append(batch);
            store.apply(batch);
            written.addAll(batch.delivered());
        }
        return written;
    }

    private List<Update> write(Store store, int batches) {
        return write(store, node, batches);
    }

    @Test
    void losePower_anyLuck_keepsWhatWasForcedAndABeginningOfTheRest() {
        Set<Integer> kept = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            Disk tried = new Disk(new Chance(seed), tracer);
            Batches batches = new Batches(new ReplicaId("node1", seed + 2), tracer);
            Store store = tried.open(BOOT);
            tried.note(note(0));
            List<Update> written = write(store, batches, 2);
            store.force();
            written.addAll(write(store, batches, 4));

            List<Update> lost = tried.losePower();

            int left = tried.updates().size();
            kept.add(left);
            assertThat(tried.updates()).isEqualTo(written.subList(0, left));
            assertThat(lost).isEqualTo(written.subList(left, 12));
            assertThat(tried.open(BOOT + 1).atStart()).isEqualTo(tried.updates());
        }
        assertThat(kept).containsExactlyInAnyOrder(4, 6, 8, 10, 12);
    }

    @Test
    void losePower_twice_losesNothingMoreTheSecondTime() {
        write(opened(), 5);
        disk.losePower();

        assertThat(disk.losePower()).isEmpty();
    }

    @Test
    void open_groupsAfterALostOneThoughEachWasForced_isAViolation() {
        int refused = 0;
        for (int seed = 0; seed < 300; seed++) {
            Disk tried = new Disk(new Chance(seed), tracer);
            Store store = tried.open(BOOT);
            tried.note(new Disk.Note(Identity.of(SELF), 0, BOOT, true, false));
            write(store, new Batches(new ReplicaId("node1", seed + 1_000), tracer), 6);
            tried.losePower();
            try {
                tried.open(BOOT + 1);
            } catch (Violation damaged) {
                assertThat(damaged).hasMessageContaining("damage");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void open_afterAFailedForce_keepsWhatItReadThroughAPowerLoss() {
        for (int seed = 0; seed < 100; seed++) {
            Disk tried = new Disk(new Chance(seed), tracer);
            Store store = tried.open(BOOT);
            tried.note(note(0));
            List<Update> written = write(store, new Batches(new ReplicaId("node1", seed + 3_000), tracer), 3);
            tried.files().failNextForce();
            assertThatThrownBy(store::force).isInstanceOf(FailedDiskException.class);

            assertThat(tried.open(BOOT).atStart()).isEqualTo(written);
            assertThat(tried.losePower()).isEmpty();
        }
    }

    @Test
    void open_whoseForceFails_canBeRepeated() {
        List<Update> written = write(opened(), 3);
        disk.files().failNextForce();

        assertThatThrownBy(() -> disk.open(BOOT)).isInstanceOf(FailedDiskException.class);
        assertThat(disk.open(BOOT).atStart()).isEqualTo(written);
    }

    @Test
    void trim_checkpointedAndStoredByAll_deletesTheFrontOnly() {
        Store store = opened();
        LogPosition place = LogPosition.START;
        List<Update> written = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CommitBatch batch = node.next("x", "y");
            store.append(batch);
            store.apply(batch);
            place = place.after(batch);
            written.addAll(batch.delivered());
        }
        store.force();
        store.trim(place.clock());
        assertThat(store.deletedThrough(SELF)).as("no checkpoint").isZero();
        disk.checkpoint(store.freeze(place));
        store.trim(VersionVector.EMPTY);
        assertThat(store.deletedThrough(SELF)).as("nobody has stored it").isZero();

        store.trim(place.clock());

        long deleted = store.deletedThrough(SELF);
        assertThat(deleted).isBetween(1L, 79L);
        assertThatThrownBy(() -> store.framesOf(SELF, deleted - 1, 80, Long.MAX_VALUE, true))
                .isInstanceOf(DeletedUpdatesException.class);
        Store reopened = disk.open(BOOT);
        assertThat(reopened.deletedThrough(SELF)).isEqualTo(deleted);
        assertThat(reopened.atStart()).isEqualTo(written);
        assertThat(disk.losePower()).isEmpty();
    }

    @Test
    void open_anyCheckpoint_recoversTheSameRows() {
        for (int at = 0; at <= 40; at += 8) {
            Disk tried = new Disk(new Chance(at), tracer);
            Batches batches = new Batches(new ReplicaId("node1", at + 2_000), tracer);
            Store store = tried.open(BOOT);
            tried.note(note(0));
            LogPosition place = LogPosition.START;
            for (int i = 0; i < 40; i++) {
                if (i == at) {
                    tried.checkpoint(store.freeze(place));
                }
                CommitBatch batch = batches.next("x", "y", i % 3 == 0 ? "-x" : "z");
                store.append(batch);
                store.apply(batch);
                place = place.after(batch);
            }

            Store recovered = tried.open(BOOT);

            assertThat(recovered.position()).isEqualTo(place);
            assertThat(recovered.heads()).isEqualTo(batches.rows().heads());
        }
    }

    @Test
    void open_checkpointAheadOfTheLog_isAViolation() {
        Store store = opened();
        CommitBatch batch = node.next("x");
        disk.checkpoint(store.freeze(LogPosition.START.after(batch)));

        assertThatThrownBy(() -> disk.open(BOOT)).isInstanceOf(Violation.class).hasMessageContaining("ends before");
    }

    @Test
    void framesOf_memoryAndLog_holdTheSameUpdates() {
        Store store = opened();
        List<Update> written = write(store, 20);
        Store reopened = disk.open(BOOT);
        for (int after = 0; after <= 36; after += 3) {
            List<Update> expected = written.subList(after, 38);

            assertThat(updates(store, after)).isEqualTo(expected);
            assertThat(updates(reopened, after)).isEqualTo(expected);
        }
        for (Update update : written) {
            assertThat(store.checksum(update.dot())).isEqualTo(update.checksum());
            assertThat(reopened.checksum(update.dot())).isEqualTo(update.checksum());
        }
        assertThat(store.checksum(new Dot(SELF, 41))).isNull();
        assertThat(reopened.checksum(new Dot(SELF, 41))).isNull();
    }

    /** The first of the frames begins a stream. */
    private static List<Update> updates(Store store, long after) {
        FrameDecoder decoder = new FrameDecoder();
        return store.framesOf(SELF, after, 38, Long.MAX_VALUE, true).stream()
                .flatMap(frame -> decoder.decode(frame.bytes()).updates().stream())
                .toList();
    }

    @Test
    void append_renewed_recordsTheIdentityBeforeTheUpdate() {
        Store store = opened();
        ReplicaId renewed = new ReplicaId("node1", 2);
        write(store, 1);
        node.renew(renewed);
        disk.files()
                .watch(() -> assertThat(disk.requireNote().identity().self()).isEqualTo(renewed));

        write(store, 1);

        assertThat(disk.requireNote().identity().earlier()).containsExactly(SELF);
    }

    @Test
    void replace_byCopy_isTheCopyOnAnotherStorage() {
        Store store = opened();
        List<Update> written = write(store, 2);
        Disk.Copy copy = disk.copy();
        write(store, 2);
        assertThat(disk.holds(copy)).isTrue();

        disk.replace(copy);

        assertThat(disk.updates()).isEqualTo(written);
        assertThat(disk.open(BOOT).atStart()).isEqualTo(written);
        assertThat(disk.requireNote().storage()).isNotEqualTo(disk.storage());
        assertThat(disk.holds(copy)).isFalse();
    }

    @Test
    void wipe_isANewDisk() {
        write(opened(), 2);

        disk.wipe();

        assertThat(disk.note()).isNull();
        assertThat(disk.updates()).isEmpty();
        assertThat(disk.open(BOOT).state().head(Bytes.utf8("x")).isEmpty()).isTrue();
    }

    @Test
    void rollBack_toCopy_leavesNoSign() {
        Store store = opened();
        List<Update> written = write(store, 2);
        Disk.Copy copy = disk.copy();
        write(store, 2);
        disk.note(new Disk.Note(Identity.of(SELF), disk.storage(), 7, true, true));

        disk.rollBack(copy);

        assertThat(disk.updates()).isEqualTo(written);
        assertThat(disk.requireNote()).isEqualTo(note(disk.storage()));
        assertThat(disk.losePower()).isEmpty();
    }

    @Test
    void holds_copyWhoseBatchesWereLostAndWrittenAnew_isNoEarlierState() {
        Store store = opened();
        Disk.Copy before = disk.copy();
        write(store, 1);
        Disk.Copy copy = disk.copy();
        disk.rollBack(before);
        write(disk.open(BOOT), new Batches(new ReplicaId("node1", 9), tracer), 1);

        assertThat(disk.holds(copy)).isFalse();
    }
}
