# For the scripts of this directory: `source common.sh`. They are called by packaging/test, with DIST as the first argument.
# shellcheck shell=bash
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dist=$(cd "$1" && pwd)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$top/Cargo.toml" | head -1)
tools=$top/target/packaging/tools

unset ${!PIP_@} ${!UV_@} ${!npm_config_@}
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
# Nothing of the person who runs the test: no settings, no caches, no installed envward.
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$work"' EXIT
export HOME=$work/home XDG_CACHE_HOME=$work/cache TMPDIR=$work/tmp
mkdir -p "$HOME" "$XDG_CACHE_HOME" "$TMPDIR"
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_SYSTEM=/dev/null ENVWARD_STATE_DIR=$work/state
git config --file "$GIT_CONFIG_GLOBAL" user.name Test
git config --file "$GIT_CONFIG_GLOBAL" user.email test@example.org
git config --file "$GIT_CONFIG_GLOBAL" init.defaultBranch main
git config --file "$GIT_CONFIG_GLOBAL" advice.defaultBranchName false

fail() {
  printf 'packaging: %s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail "$tool is missing: run packaging/tools"
  done
}

# The Rust target of this machine's Linux packages, and Debian's name of it.
case $(uname -m) in
  x86_64) debian=amd64 ;;
  aarch64) debian=arm64 ;;
  *) fail "there is no package for $(uname -m)" ;;
esac

# An installed program works: it has the version of the release, and shows the demo.
works() {
  [ "$("$@" --version)" = "envward $version" ] || fail "$* is not version $version"
  "$@" demo >"$work/demo" || fail "$* demo ended with status $?"
  grep -q 'secrets in use are exposed' "$work/demo" || fail "$* demo did not show its findings: $(cat "$work/demo")"
}

# A repository with one commit, in the directory $1.
repository() {
  git init --quiet "$1"
  git -C "$1" commit --quiet --allow-empty --message start
}

# The directory $1 is a repository with the hook of a tool: an env file cannot be committed, another file can.
stops_a_secret() {
  local before
  before=$(git -C "$1" rev-parse HEAD)
  printf 'DB_PASSWORD=%s\n' "$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')" >"$1/.env"
  git -C "$1" add --force .env
  if git -C "$1" commit --message secret >"$work/commit" 2>&1; then
    fail "the commit of an env file was not stopped: $(cat "$work/commit")"
  fi
  grep -q 'env-file-staged' "$work/commit" || fail "another thing than envward stopped the commit: $(cat "$work/commit")"
  [ "$(git -C "$1" rev-parse HEAD)" = "$before" ] || fail "there is a commit in spite of the hook"
  git -C "$1" rm --quiet --cached .env
  echo .env >>"$1/.gitignore"
  git -C "$1" add .gitignore
  git -C "$1" commit --quiet --message harmless >"$work/commit" 2>&1 || fail "a harmless commit was stopped: $(cat "$work/commit")"
}
