#!/usr/bin/env bash
# Builds the `steward` of every released version that releases.txt names: target/released/<version>/steward. `make test-scale` runs them
# beside the present one. Each takes minutes, once; the sources and what the build leaves are removed.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

build() {
  local version=$1 commit=$2
  local folder=$root/target/released/$version
  [[ -x $folder/steward && $(cat "$folder/commit" 2> /dev/null) == "$commit" ]] && return
  git cat-file -e "$commit^{commit}" 2> /dev/null || {
    echo "build-release: $version is commit $commit, which this clone does not have: git fetch --unshallow" >&2
    exit 1
  }
  echo "building the released version $version"
  rm -rf "$folder"
  mkdir -p "$folder"
  git worktree prune
  git worktree add --quiet --detach --force "$folder/source" "$commit"
  # Now, while the names are known.
  trap "git worktree remove --force '$folder/source'; rm -rf '$folder/build'" EXIT
  # Neither console nor PostgreSQL: what it is tested with is outside of it.
  mkdir -p "$folder/source/console/dist"
  (
    cd "$folder/source"
    CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$folder/build "${CARGO:-cargo}" build --locked --package server
  )
  mv "$folder/build/debug/steward" "$folder/steward"
  echo "$commit" > "$folder/commit"
  git worktree remove --force "$folder/source"
  rm -rf "$folder/build"
  trap - EXIT
}

while read -r version commit _; do
  [[ -z $version || $version == \#* ]] || build "$version" "$commit"
done < releases.txt
