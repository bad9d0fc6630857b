/** Tests of the settings table. Start reading at {@link dev.hence.node.config.NodeSettingsTest}. */
@NullMarked
package dev.hence.node.config;

import org.jspecify.annotations.NullMarked;
