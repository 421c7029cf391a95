#!/bin/sh
# Runs once, when the database server is made: the owner migrates, the application's role works and owns nothing.
# Neither may pass the wall between firms; Tieout refuses to start as one that could.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  -v owner="$(cat "${OWNER_PASSWORD_FILE:-/run/secrets/owner_password}")" \
  -v app="$(cat "${APP_PASSWORD_FILE:-/run/secrets/app_password}")" <<'SQL'
create role tieout_owner login nosuperuser nobypassrls nocreaterole nocreatedb password :'owner';
create role tieout_app login nosuperuser nobypassrls nocreaterole nocreatedb password :'app';
create database tieout owner tieout_owner;
revoke all on database tieout from public;
grant connect on database tieout to tieout_app;
SQL
