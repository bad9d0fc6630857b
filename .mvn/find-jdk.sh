# Finds a JDK that can build and run Hence. Sourced by mvnw and hence; POSIX sh.
#
#   find_jdk javac|java   exports JAVA_HOME and sets java_release to the version text of what it found
#                         (letters, digits and .+_- only); says in one line what to install otherwise.
#
# Versions are read from the JDK's `release` file, so that no JVM is started just to ask.

java_major_minimum=25

# What the JDK at $1 says about itself, as lines of NAME="value".
java_facts() {
  if [ -r "$1/release" ]; then
    cat "$1/release"
  else
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.version = \(.*\)/JAVA_VERSION="\1"/p'
  fi
}

# java_suits HOME TOOL: HOME has TOOL and is new enough. Sets java_major and java_release.
java_suits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/$2" ] || return 1
  java_version=0 java_runtime_version='' java_vendor_version=''
  while IFS='=' read -r java_key java_value; do
    java_value=${java_value#\"}
    java_value=${java_value%\"}
    case $java_key in
    JAVA_VERSION) java_version=$java_value ;;
    JAVA_RUNTIME_VERSION) java_runtime_version=$java_value ;;
    IMPLEMENTOR_VERSION) java_vendor_version=$java_value ;;
    esac
  done <<END
$(java_facts "$1")
END
  java_major=${java_version%%[!0-9]*}
  java_release=${java_vendor_version:-${java_runtime_version:-$java_version}}
  while :; do
    case $java_release in
    *[!A-Za-z0-9.+_-]*) java_release=${java_release%%[!A-Za-z0-9.+_-]*}_${java_release#*[!A-Za-z0-9.+_-]} ;;
    *) break ;;
    esac
  done
  [ "${java_major:-0}" -ge "$java_major_minimum" ]
}

# The home of the `java` on the PATH. Asks that java itself only if it is a shim that lives outside its home.
java_home_on_path() {
  java_command=$(command -v java) || return 0
  java_command=$(readlink -f "$java_command" 2>/dev/null || printf %s "$java_command")
  java_home=${java_command%/bin/java}
  if [ ! -r "$java_home/release" ] && [ ! -f "$java_home/lib/modules" ]; then
    java_home=$("$java_command" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p') || :
  fi
  printf '%s\n' "$java_home"
}

# The homes in the places where package managers and version managers put JDKs, one a line.
java_homes_installed() (
  set +f
  for java_home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/java/* /opt/jdk/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
    [ ! -x "$java_home/bin/java" ] || printf '%s\n' "$java_home"
  done
)

find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && java_suits "$JAVA_HOME" "$1"; then
    export JAVA_HOME
    return 0
  fi
  JAVA_HOME=$(java_home_on_path)
  if [ -n "$JAVA_HOME" ] && java_suits "$JAVA_HOME" "$1"; then
    export JAVA_HOME
    return 0
  fi
  # Of what is installed, the version that Hence is built with comes before newer ones.
  JAVA_HOME=''
  while IFS= read -r java_home; do
    if java_suits "$java_home" "$1"; then
      if [ "$java_major" -eq "$java_major_minimum" ]; then
        JAVA_HOME=$java_home
        break
      fi
      JAVA_HOME=${JAVA_HOME:-$java_home}
    fi
  done <<END
$(HOME=${HOME:-/nonexistent} && java_homes_installed)
END
  if [ -n "$JAVA_HOME" ] && java_suits "$JAVA_HOME" "$1"; then
    export JAVA_HOME
    return 0
  fi
  echo "Hence needs JDK $java_major_minimum or newer: install one (for example Temurin $java_major_minimum)" \
    "or set JAVA_HOME." >&2
  return 1
}
