package dev.hence.node.config;

import java.nio.file.Path;

/** Where the value of a setting came from. {@code toString} is for people. */
public sealed interface Origin {

    /** The command line. */
    record Flag(String flag) implements Origin {
        @Override
        public String toString() {
            return flag;
        }
    }

    /** The environment. */
    record Environment(String variable) implements Origin {
        @Override
        public String toString() {
            return "environment variable " + variable;
        }
    }

    /** The file that {@code --config} names. */
    record ConfigFile(Path path) implements Origin {
        @Override
        public String toString() {
            return "file " + path;
        }
    }

    /** Nothing was said. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
