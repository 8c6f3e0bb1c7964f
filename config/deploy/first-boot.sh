#!/usr/bin/env bash
# Makes a fresh Debian 12 (or later) instance ready to host the engine and the guard: own users, ssh by key only, a firewall that lets
# in ssh and nothing else, security upgrades, e-mail on login and on restart. Run it as root; run it again as often as you like.
# What it does not do: build or copy the programs to /opt/actors and /opt/actors-guard, or put keys and limits into /etc/actors and
# /etc/actors-guard (each readable by root alone). It starts neither engine nor guard; 'systemctl enable --now actors' does, after that.
# Choose the region for its distance to the venue, see the venue's own pages; measure it with 'curl -w %{time_connect}'.
set -euo pipefail

usage() {
  echo "usage: first-boot.sh [--dry-run] CONFIG    (see first-boot.conf.example)"
}

dry=no
config=
for argument in "$@"; do
  case $argument in
    --dry-run) dry=yes ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) config=$argument ;;
  esac
done
[ -n "$config" ] || { usage >&2; exit 2; }
[ -r "$config" ] || { echo "first-boot: $config cannot be read" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=first-boot.conf.example
. "$config"
for name in ADMIN_USER ADMIN_SSH_KEY ADMIN_NETWORKS ACTORS_VENUE MAIL_TO MAIL_FROM SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD_FILE; do
  [ -n "${!name:-}" ] || { echo "first-boot: $config: $name is missing" >&2; exit 2; }
done
case $ADMIN_SSH_KEY in ssh-* | ecdsa-* | sk-*) ;; *) echo "first-boot: $config: ADMIN_SSH_KEY is not a public key" >&2; exit 2 ;; esac
if [ "$dry" = no ] && [ "$(id -u)" -ne 0 ]; then
  echo "first-boot: must be root; --dry-run shows what it would do" >&2
  exit 2
fi

# One step: said, and done unless this is a dry run.
run() {
  echo "+ $*"
  [ "$dry" = yes ] || "$@"
}

# put FILE MODE [OWNER]: writes what comes in, when it is not there already.
put() {
  local file=$1 mode=$2 owner=${3:-root:root} changed=no content temporary
  content=$(cat; printf x)
  content=${content%x}
  if [ -r "$file" ] && [ "$(cat "$file"; printf x)" = "${content}x" ]; then
    echo "= $file"
  else
    changed=yes
    echo "+ write $file ($mode $owner)"
  fi
  [ "$dry" = yes ] && return 0
  if [ "$changed" = yes ]; then
    temporary=$(mktemp "$file.XXXXXX")
    printf %s "$content" >"$temporary"
    mv "$temporary" "$file"
  fi
  chmod "$mode" "$file"
  chown "$owner" "$file"
}

packages() {
  local missing=() package
  for package in nftables unattended-upgrades msmtp msmtp-mta openssh-server sudo; do
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)" = "ii " ] || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && { echo "= packages"; return; }
  run apt-get update -q
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

system_user() {
  if id "$1" >/dev/null 2>&1; then echo "= user $1"; else run useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin "$1"; fi
}

users() {
  system_user actors
  system_user actors-guard
  if id "$ADMIN_USER" >/dev/null 2>&1; then echo "= user $ADMIN_USER"; else run useradd --create-home --shell /bin/bash --groups sudo "$ADMIN_USER"; fi
  # There is no password to ask for.
  put /etc/sudoers.d/actors-admin 0440 <<<"$ADMIN_USER ALL=(ALL) NOPASSWD: ALL"
  run visudo -cq
  run install -d -m 0700 -o "$ADMIN_USER" -g "$ADMIN_USER" "/home/$ADMIN_USER/.ssh"
  put "/home/$ADMIN_USER/.ssh/authorized_keys" 0600 "$ADMIN_USER:$ADMIN_USER" <<<"$ADMIN_SSH_KEY"
}

ssh_by_key_only() {
  put /etc/ssh/sshd_config.d/10-actors.conf 0644 <<END
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthenticationMethods publickey
PermitRootLogin no
AllowUsers $ADMIN_USER
X11Forwarding no
AllowAgentForwarding no
MaxAuthTries 3
END
  run sshd -t
  run systemctl reload ssh
}

firewall() {
  local admins=${ADMIN_NETWORKS// /, }
  put /etc/nftables.conf 0644 <<END
#!/usr/sbin/nft -f
# In: ssh from the operator. Out: names, time, the web (venue, alerts, upgrades) and the mail relay.
flush ruleset
table inet actors {
  chain input {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    ct state invalid drop
    icmp type { echo-request, destination-unreachable, time-exceeded } limit rate 20/second accept
    icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
    udp sport 67 udp dport 68 accept
    ip saddr { $admins } tcp dport 22 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
  chain output {
    type filter hook output priority filter; policy drop;
    oif lo accept
    ct state established,related accept
    # The instance's metadata may hold credentials; neither program has business there.
    meta skuid { "actors", "actors-guard" } ip daddr 169.254.0.0/16 drop
    icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } accept
    icmp type echo-request accept
    udp dport { 53, 67, 123 } accept
    tcp dport { 53, 443 } accept
    meta skuid { "root", "_apt" } tcp dport { 80, $SMTP_PORT } accept
  }
}
END
  # The names of users in it must be there first, and a rule set that is wrong must not be loaded.
  run nft -c -f /etc/nftables.conf
  run systemctl enable nftables
  run systemctl reload-or-restart nftables
}

upgrades() {
  put /etc/apt/apt.conf.d/20auto-upgrades 0644 <<'END'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
END
  # No restart on its own: that is the operator's decision, when no position depends on it.
  put /etc/apt/apt.conf.d/52actors-upgrades 0644 <<END
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Mail "$MAIL_TO";
Unattended-Upgrade::MailReport "on-change";
END
  run systemctl enable --now unattended-upgrades
  # Signed requests expire: the clock must be right.
  run timedatectl set-ntp true
}

mail() {
  put /etc/msmtprc 0600 <<END
defaults
auth on
tls on
tls_starttls on
syslog LOG_MAIL
account default
host $SMTP_HOST
port $SMTP_PORT
from $MAIL_FROM
user $SMTP_USER
passwordeval cat $SMTP_PASSWORD_FILE
END
  put /etc/actors/mail-to 0644 <<<"$MAIL_TO"
  put /usr/local/sbin/actors-mail 0755 <"$here/actors-mail"
  if grep -qs actors-mail /etc/pam.d/sshd; then
    echo "= /etc/pam.d/sshd"
  else
    run sed -i '$ a session optional pam_exec.so quiet /usr/local/sbin/actors-mail' /etc/pam.d/sshd
  fi
}

services() {
  local unit
  for unit in actors.service actors-guard.service actors-mail@.service; do
    put "/etc/systemd/system/$unit" 0644 <"$here/$unit"
  done
  put /etc/actors/venue.env 0644 <<<"ACTORS_VENUE=$ACTORS_VENUE"
  run systemctl daemon-reload
  run systemctl enable actors-mail@boot.service
}

folders() {
  # Keys are read by the service manager, which is root, and handed to each service alone; configuration is no secret.
  run install -d -m 0755 /etc/actors /opt/actors /opt/actors-guard
  run install -d -m 0755 /etc/actors-guard
}

packages
users
folders
ssh_by_key_only
firewall
upgrades
mail
services
echo "first-boot: done$([ "$dry" = no ] || echo " (dry run: nothing was changed)")"
