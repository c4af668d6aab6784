#!/usr/bin/env bash
# The action's first step: gets the strandline binary and tells its path in the output `binary`.
#
# Where the action is used by the tag of a release (v1.2.3), that release's binary for this
# runner is downloaded and verified against the release's checksums. By anything else (a branch,
# a commit, a moving tag such as v1, `./`) there is no release that is surely the same code, so
# the checkout itself is built, with Go.
#
# In:  ACTION_PATH, ACTION_REPOSITORY, ACTION_REF  the action's checkout, where it is from and by what ref
#      GITHUB_SERVER_URL, RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP, GITHUB_OUTPUT  as every runner sets them
set -euo pipefail

fail() { # MESSAGE HINT; both stand on one line: a workflow command ends with it
  printf '::error title=strandline::%s: %s\n' "$1" "$2" >&2
  exit 1
}

# A composite action that uses this one makes the runner report its own repository and ref here,
# so they count only where the checkout stands in the folder that the runner names after them:
# OWNER/REPO/REF, or OWNER-REPO@REF in act's cache.
is_release() {
  [[ $ACTION_REF =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || return 1
  local path=${ACTION_PATH//\\//}
  [[ $path == */"$ACTION_REPOSITORY/$ACTION_REF" || $path == */"${ACTION_REPOSITORY/\//-}@$ACTION_REF" ]]
}

# The names that .github/build-release.sh gives.
asset_name() {
  local os arch
  case $RUNNER_OS in
    Linux) os=linux ;;
    macOS) os=darwin ;;
    Windows) os=windows ;;
    *) fail "no release for the operating system $RUNNER_OS" "use the action by a commit, to build it with Go" ;;
  esac
  case $RUNNER_ARCH in
    X64) arch=amd64 ;;
    ARM64) arch=arm64 ;;
    *) fail "no release for the architecture $RUNNER_ARCH" "use the action by a commit, to build it with Go" ;;
  esac
  asset=strandline_${os}_$arch$exe
}

download() { # URL FILE
  curl --fail --silent --show-error --location --proto '=https' --retry 3 --retry-connrefused \
    --connect-timeout 15 --max-time 300 --output "$2" -- "$1" ||
    fail "can't download $1" "is the release complete, and may this runner reach $GITHUB_SERVER_URL?"
}

# Read from standard input, because sha256sum escapes a path that has a backslash.
sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1"
  elif command -v shasum >/dev/null; then
    shasum -a 256 <"$1"
  else
    fail "can't verify the download" "this runner has neither sha256sum nor shasum"
  fi | cut -d ' ' -f 1
}

install_release() {
  command -v curl >/dev/null || fail "can't download strandline $ACTION_REF" "this runner has no curl"
  asset_name
  local base=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/$ACTION_REF want got
  download "$base/checksums.txt" "$dir/checksums.txt"
  want=$(awk -v name="$asset" '$2 == name || $2 == "*" name { print $1 }' "$dir/checksums.txt")
  [[ $want =~ ^[0-9a-f]{64}$ ]] ||
    fail "checksums.txt of release $ACTION_REF has no checksum for $asset" "report it to $ACTION_REPOSITORY"
  download "$base/$asset" "$binary"
  got=$(sha256 "$binary")
  [[ $got == "$want" ]] || {
    rm -f -- "$binary"
    fail "$asset of release $ACTION_REF has the wrong checksum $got, not $want" \
      "the download is damaged or was tampered with; it was not run"
  }
  chmod +x -- "$binary"
  echo "strandline $ACTION_REF: $asset, sha256 $got"
}

build_checkout() {
  command -v go >/dev/null ||
    fail "no Go to build strandline with" "put actions/setup-go before this step, or use the action by the tag of a release"
  # Settings for the Go code of the job must not leak into this build.
  unset GOOS GOARCH
  GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0 \
    go build -C "$ACTION_PATH" -buildvcs=false -trimpath -ldflags='-s -w' -o "$binary" ./cmd/strandline ||
    fail "can't build strandline with $(go version)" "see the messages above; go.mod names the Go version that it needs"
  echo "strandline built from ${ACTION_REF:-the checkout} with $(go env GOVERSION)"
}

exe=
[[ $RUNNER_OS == Windows ]] && exe=.exe
dir=$(mktemp -d "$RUNNER_TEMP/strandline.XXXXXX")
binary=$dir/strandline$exe
if is_release; then
  install_release
else
  build_checkout
fi
printf 'binary=%s\n' "$binary" >>"$GITHUB_OUTPUT"
