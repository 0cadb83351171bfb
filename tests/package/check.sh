#!/usr/bin/env bash
# check.sh FOLDER: are the packages there installed, started and removed cleanly on a bare Debian 12? Needs root and the
# Debian mirror; nothing outside of build/package is touched.
set -euo pipefail
packages=$(cd "${1:?which folder has the packages?}" && pwd)
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
mirror=${CHANCERY_MIRROR:-http://deb.debian.org/debian}
base=$PWD/build/package/base
root=$PWD/build/package/root
say() { printf '%-10s %s\n' "$1" "$2"; }
fail() { say failed "$1"; exit 1; }
[[ $(id -u) -eq 0 ]] || fail "this needs root, for chroot"

if [[ ! -e $base/etc/debian_version ]]; then
    say debian "a bare Debian 12 in $base"
    mkdir -p "$base"
    debootstrap --variant=minbase bookworm "$base" "$mirror" >"$base.log" 2>&1 || { tail "$base.log"; fail debootstrap; }
fi
rm -rf "$root"
cp -a "$base" "$root"
cp "$packages"/*.deb "$root/tmp/"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
mount -t proc proc "$root/proc"
trap 'umount "$root/proc" 2>/dev/null || true' EXIT
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./var/cache -o \
    -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/log -o -path ./run \) -prune -o -print | sort); }

inside apt-get update -qq >/dev/null
say install "chancery-node and chancery, with what they depend on"
# First what they need, so that what is counted is theirs alone.
needed=$(for deb in "$packages"/*.deb; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' | sed 's/(.*//; s/|.*//; s/ //g' | sort -u)
# shellcheck disable=SC2086
inside apt-get install -y -qq --no-install-recommends $needed >"$root.apt.log" 2>&1 || { tail -20 "$root.apt.log"; fail "what they depend on"; }
files >"$root.before"
inside sh -c 'dpkg -i /tmp/*.deb' >"$root.dpkg.log" 2>&1 || { cat "$root.dpkg.log"; fail "installation"; }
! grep -i "warning" "$root.dpkg.log" || fail "dpkg warns"

say run "every program, and the agent as its own user"
for program in chanceryctl chancery-node chancery-agent chancery; do
    [[ $(inside env QT_QPA_PLATFORM=offscreen "$program" --version) == *[0-9].[0-9]* ]] || fail "$program --version"
done
inside chancery-contract --help >/dev/null || fail "chancery-contract --help"
inside chanceryctl cert --help >/dev/null
[[ $(inside stat -c '%U %G %a' /var/lib/chancery) == "chancery chancery 700" ]] || fail "the agent's folder"
[[ $(inside stat -c '%U' /usr/bin/chancery-agent) == root ]] || fail "the owner of the programs"
# What the unit says, without systemd.
mkfifo "$root/tmp/ready"
inside setpriv --reuid chancery --regid chancery --init-groups --no-new-privs /usr/bin/chancery-agent \
    --state /var/lib/chancery --detached --listen 127.0.0.1:0 >"$root/tmp/ready" 2>"$root.agent.log" </dev/null &
ready=''
read -r -t 30 ready <"$root/tmp/ready" || true
[[ $ready == READY* ]] || { cat "$root.agent.log"; fail "the agent does not serve"; }
agent=$(pgrep -f "chancery-agent --state /var/lib/chancery" --uid "$(inside id -u chancery)" | tail -1)
kill -TERM "$agent"
wait || fail "the agent does not end well"
# A network of its own, from nothing to a committed transaction.
inside sh -c 'cd /tmp && mkdir desk && cd desk && chanceryctl network create --topology solo >create.log 2>&1 &&
    chanceryctl network status >status.log 2>&1; code=$?; chanceryctl network stop >stop.log 2>&1; exit $code' ||
    { cat "$root"/tmp/desk/*.log; fail "a network"; }
inside systemd-analyze --version >/dev/null 2>&1 && inside systemd-analyze verify chancery-agent.service

say pages "manual, desktop entry, AppStream"
for page in chanceryctl chanceryctl-cert-renew chancery chancery-node chancery-agent chancery-contract; do
    [[ -s $root/usr/share/man/man1/$page.1.gz ]] || fail "no manual page $page"
done
for file in applications/chancery.desktop metainfo/io.chancery.Chancery.metainfo.xml \
    icons/hicolor/scalable/apps/chancery.svg chancery/contracts/wallet/package.json; do
    [[ -s $root/usr/share/$file ]] || fail "no $file"
done

say remove "and nothing is left"
inside apt-get install -y -qq --reinstall /tmp/chancery-node_*.deb >/dev/null 2>&1 || fail "installing again"
rm -rf "$root"/tmp/desk "$root"/var/lib/chancery/*
inside dpkg --purge chancery chancery-node >"$root.purge.log" 2>&1 || { cat "$root.purge.log"; fail "removal"; }
files >"$root.after"
left=$(comm -13 "$root.before" "$root.after" | grep -v -e '^\./etc/.*-$' -e '^./root' || true)
[[ -z $left ]] || fail "left behind: $left"

if command -v lintian >/dev/null; then
    say lintian "with what is on purpose in installer/debian/lintian"
    lintian --fail-on error --suppress-tags-from-file installer/debian/lintian "$packages"/*.deb || fail lintian
fi
say passed "the packages"
