#!/usr/bin/env bash
# Builds the assets of a release from the checkout: build-release.sh TAG DIR
#
# DIR gets one binary a platform, by the names that .github/install.sh asks for, and
# checksums.txt. The toolchain stamps the tag into the binaries as their version, which needs
# HEAD to be that tag and the tree to be clean; where it isn't, this fails.
set -euo pipefail

tag=$1
mkdir -p -- "$2"
dir=$(cd -- "$2" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for platform in {linux,darwin,windows}/{amd64,arm64}; do
  export GOOS=${platform%/*} GOARCH=${platform#*/} CGO_ENABLED=0
  asset=strandline_${GOOS}_$GOARCH
  [[ $GOOS == windows ]] && asset+=.exe
  go build -buildvcs=true -trimpath -ldflags='-s -w' -o "$dir/$asset" ./cmd/strandline
  version=$(go version -m "$dir/$asset" | awk '$1 == "mod" { print $3 }')
  [[ $version == "$tag" ]] || {
    echo "$asset is version $version, not $tag: check out the tag, with nothing changed" >&2
    exit 1
  }
  echo "$asset $version"
done
cd "$dir"
sha256sum strandline_* >checksums.txt
