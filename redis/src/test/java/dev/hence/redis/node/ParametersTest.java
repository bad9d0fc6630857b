package dev.hence.redis.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hence.engine.storage.FsyncPolicy;
import dev.hence.node.config.Limits;
import dev.hence.node.config.NodeConfig;
import dev.hence.node.config.RedisConfig;
import dev.hence.node.config.Setting;
import dev.hence.node.config.Settings;
import dev.hence.redis.node.Parameters.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParametersTest {

    private final SlowLog slowLog = new SlowLog();
    private final Parameters parameters = new Parameters(
            NodeConfig.alone("node1", Path.of("data"))
                    .at("127.0.0.1", 5001)
                    .with(FsyncPolicy.EVERYSEC)
                    .with(Limits.DEFAULT)
                    .with(new RedisConfig(
                            6380, "secret", 77, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60))),
            slowLog);

    private Map<String, String> all() {
        return parameters.values(any -> true);
    }

    @Test
    void values_ofAllSettings_areThere() {
        List<String> expected = Settings.ALL.stream()
                .filter(setting -> !Settings.OF_THE_PROCESS.contains(setting))
                .map(Setting::key)
                .toList();

        assertThat(all()).containsKeys(expected.toArray(String[]::new));
    }

    @Test
    void values_underRedisNames_areWhatHolds() {
        assertThat(all())
                .containsEntry("port", "6380")
                .containsEntry("http-port", "5001")
                .containsEntry("maxclients", "77")
                .containsEntry("appendonly", "yes")
                .containsEntry("appendfsync", "everysec")
                .containsEntry("save", "")
                .containsEntry("maxmemory", "0")
                .containsEntry("databases", "1")
                .containsEntry("timeout", "5")
                .containsEntry("notify-keyspace-events", "");
    }

    @Test
    void values_ofPassword_doNotShowIt() {
        assertThat(all().values()).noneMatch(value -> value.contains("secret"));
        assertThat(all().get("requirepass")).isNotEmpty();
    }

    @Test
    void set_ofChangeable_changesIt() {
        assertThat(parameters.set(Map.of("slowlog-log-slower-than", "5", "SLOWLOG-MAX-LEN", "7")))
                .isNull();

        assertThat(slowLog.thresholdMicros()).isEqualTo(5);
        assertThat(slowLog.entriesMax()).isEqualTo(7);
        assertThat(all()).containsEntry("slowlog-max-len", "7");
    }

    @Test
    void set_withOneWrong_changesNone() {
        long before = slowLog.thresholdMicros();

        assertThat(parameters.set(Map.of("slowlog-log-slower-than", "5", "slowlog-max-len", "many")))
                .isEqualTo(new Refusal.Wrong("slowlog-max-len", 0, SlowLog.ENTRIES_MAX));
        assertThat(parameters.set(Map.of("slowlog-log-slower-than", "5", "nothing", "1")))
                .isEqualTo(new Refusal.Unknown("nothing"));
        assertThat(slowLog.thresholdMicros()).isEqualTo(before);
    }

    @Test
    void set_ofFixed_isTakenOnlyAsItIs() {
        assertThat(parameters.set(Map.of("appendonly", "yes"))).isNull();
        assertThat(parameters.set(Map.of("appendonly", "no"))).isEqualTo(new Refusal.Fixed("appendonly"));
    }
}
