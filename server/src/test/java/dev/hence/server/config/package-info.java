/** Tests of the settings table. Start reading at {@link dev.hence.server.config.NodeSettingsTest}. */
@NullMarked
package dev.hence.server.config;

import org.jspecify.annotations.NullMarked;
