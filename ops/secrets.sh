#!/bin/sh
# Makes ./secrets once: what can be made up is made up, what only you know stays empty and is named at the end.
# A file that is there is never touched.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
chmod 700 secrets
word() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "secrets/$1" ] || printf '%s' "$2" > "secrets/$1"; chmod 444 "secrets/$1"; }
for name in postgres_password owner_password app_password secret_key metrics_token; do keep "$name" "$(word)"; done
keep seal_keys "k1:$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')"
keep database_url "postgresql://tieout_app:$(cat secrets/app_password)@db:5432/tieout"
keep database_owner_url "postgresql://tieout_owner:$(cat secrets/owner_password)@db:5432/tieout"
for name in email_url mailbox_url clio_client_id clio_client_secret qbo_client_id qbo_client_secret qbo_webhook_verifier_token; do
  if [ ! -s "secrets/$name" ]; then
    : > "secrets/$name"
    echo "secrets/$name is empty: write its value into it, then chmod 444 it."
  fi
done
