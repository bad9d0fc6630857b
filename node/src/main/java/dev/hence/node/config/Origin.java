package dev.hence.node.config;

import java.nio.file.Path;

/** The source of a setting's value. {@code toString} is the readable form. */
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

    /** The default: no other source sets it. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
