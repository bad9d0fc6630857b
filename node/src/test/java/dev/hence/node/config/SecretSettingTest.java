package dev.hence.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SecretSettingTest {

    private static final Setting<Integer> PIN = new Setting<>(
            Setting.Section.NODE,
            "pin",
            "PIN",
            ValueTypes.integer("PIN", 1000, 9999),
            "1000",
            "none",
            true,
            "A secret");

    @Test
    void table_secret_masked() {
        SettingsReader reader = new SettingsReader(List.of(PIN), Map.of("pin", "4321"), Map.of());
        EffectiveSettings effective = reader.read();

        assertThat(effective.get(PIN)).isEqualTo(4321);
        assertThat(effective.table()).containsExactly("setting  value     from", "pin      ********  --pin");
    }

    @Test
    void read_wrongSecret_refusedWithoutShowingIt() {
        SettingsReader reader = new SettingsReader(List.of(PIN), Map.of(), Map.of("PIN", "hunter2"));
        reader.read();

        assertThat(reader.problems())
                .extracting(Object::toString)
                .containsExactly("pin: ********, from environment variable PIN (expected: a number, 1000 to 9999)");
    }
}
