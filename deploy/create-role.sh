#!/bin/sh
# Creates the database `ladder` and its owner when PostgreSQL starts for the first time.
#
# The owner is a plain role. A superuser could switch off the triggers that protect published releases
# (`SET session_replication_role`), so the service must not be one.
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
  --set password="${DATABASE_PASSWORD:?Set DATABASE_PASSWORD}" <<'SQL'
CREATE ROLE ladder LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE ladder OWNER ladder;
SQL
