#!/bin/sh
# Writes what docker-compose.yml asks for into .env beside it: random passwords. What is there already stays.
set -eu
umask 077
file=$(dirname "$0")/../../.env
touch "$file"
for name in RETAGUARDA_BROKER_PASSWORD RETAGUARDA_DATABASE_PASSWORD BILLING_WEBHOOK_SECRET; do
  if ! grep -q "^$name=" "$file"; then
    printf '%s=%s\n' "$name" "$(od -An -tx1 -N24 /dev/urandom | tr -d ' \n')" >>"$file"
    echo "$name: a random one is in .env now"
  fi
done
